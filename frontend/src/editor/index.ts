/** The editor's parts, put together by the editor screen. */
export { Autosave, type Kept, readKept, type SaveState } from "./autosave";
export { Canvas } from "./Canvas";
export { CodePanel } from "./CodePanel";
export { emptyDraft, meaning, readDraft, writeDraft } from "./draft";
export type { Work } from "./fix";
export { LayerPanel } from "./LayerPanel";
export { LayerSearch } from "./LayerSearch";
export { ListView } from "./ListView";
export { Palette } from "./Palette";
export { reportOf } from "./report";
export {
  type Activity,
  createDocument,
  DocumentContext,
  useActions,
  useDocument,
  useDocumentStore,
} from "./store";
export { TopBar } from "./TopBar";
export { useKeys } from "./useKeys";
