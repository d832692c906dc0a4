/** What an action of the editor is, and what it works with. */
import type { LucideIcon } from "lucide-react";
import type { DocumentActions } from "../actions";
import type { DocumentStore, EditorState } from "../state";
import type { View } from "../useView";

export type InspectorTab = "layer" | "data" | "training" | "code";

/** What surrounds the editor's parts and does what they cannot. */
export interface Host {
  train(): void;
  /** Ask for a name, and save a revision under it. */
  nameRevision(): void;
  showRevisions(): void;
  showTab(tab: InspectorTab): void;
  /** Change between the picture and the list. */
  toggleList(): void;
  /** Choose a file with a network and open it. */
  openFile(): void;
  saveFile(): void;
  /** Save the block that a layer is made of for reuse in any network. */
  saveBlock(layer: string): void;
}

export interface Tools {
  readonly store: DocumentStore;
  readonly actions: DocumentActions;
  readonly view: View;
  readonly host: Host;
}

/**
 * Where keys work: "page" wherever nobody types; "canvas" only while the canvas or nothing has the
 * focus; "always" even while someone types; "browser" when the browser's own event comes.
 */
export type KeyScope = "page" | "canvas" | "always" | "browser";

export interface EditorCommand {
  readonly id: string;
  readonly group: "Edit" | "Blocks" | "Walk and select" | "View" | "Network";
  readonly title: string;
  readonly icon: LucideIcon;
  readonly keywords?: string;
  /** Ways to press it; the sheet shows the first two. */
  readonly keys?: readonly (readonly string[])[];
  readonly scope?: KeyScope;
  /** What it works on; without it the palette does not offer it. */
  readonly needs?: (state: EditorState) => boolean;
  /** On the menu of what was clicked: a layer, or the empty canvas. */
  readonly menu?: "layer" | "canvas";
  /** Only a key: by name it would make no sense. */
  readonly keyOnly?: boolean;
  /** What the sheet says of it and of its like, once for all arrows. */
  readonly arrows?: string;
  run(tools: Tools): void;
}

export const someSelected = ({ selection }: EditorState) => selection.nodes.length > 0;
export const oneSelected = ({ selection }: EditorState) => selection.nodes.length === 1;
export const anyLayers = ({ draft }: EditorState) => draft.nodes.length > 0;
