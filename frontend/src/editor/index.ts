/** The editor's parts, put together by the workbench. */
export { Autosave, readKept } from "./autosave";
export { Breadcrumb } from "./blocks/Breadcrumb";
export { useSavedBlocks } from "./blocks/useSavedBlocks";
export { Canvas } from "./Canvas";
export { CanvasMenu } from "./CanvasMenu";
export { CodePanel } from "./CodePanel";
export { readPart } from "./clipboard";
export type { InspectorTab } from "./commands";
export { meaning, readDraft, writeDraft } from "./document";
export { LayerPanel } from "./LayerPanel";
export { LayerSearch } from "./LayerSearch";
export { ListView } from "./ListView";
export { Palette } from "./Palette";
export { focusCanvas, focusFirst } from "./panes";
export { reportOf } from "./report";
export { NameRevision } from "./revisions/NameRevision";
export { Revisions } from "./revisions/Revisions";
export type { Activity, Mark } from "./state";
export {
  createDocument,
  EditorProvider,
  useActions,
  useDocument,
  useDocumentStore,
} from "./store";
export { TopBar } from "./TopBar";
export { useEditorCommands } from "./useEditorCommands";
export { useView } from "./useView";
export { readWork, writeWork } from "./work";
