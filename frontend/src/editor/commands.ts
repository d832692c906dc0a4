/** Every action of the editor, once: keys, command palette and shortcut sheet all read this list. */
import {
  Cable,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Crosshair,
  FileDown,
  FolderOpen,
  History,
  List,
  type LucideIcon,
  Maximize,
  MoveDown,
  MoveHorizontal,
  MoveLeft,
  MoveRight,
  MoveUp,
  PanelRight,
  PencilLine,
  Play,
  Plus,
  Redo2,
  Save,
  Scan,
  Scissors,
  SlidersHorizontal,
  SquareDashed,
  Trash2,
  TriangleAlert,
  Undo2,
  Network as Workflow,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import type { Shortcut } from "../ui";
import type { DocumentActions } from "./actions";
import { copySelection, pasteFromClipboard } from "./clipboardActions";
import { type Direction, walk } from "./flow";
import { focusCanvas, focusPane, onCanvas } from "./panes";
import type { DocumentStore, EditorState } from "./state";
import type { View } from "./useView";

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
  readonly group: "Edit" | "Walk and select" | "View" | "Network";
  readonly title: string;
  readonly icon: LucideIcon;
  readonly keywords?: string;
  /** Ways to press it; the sheet shows the first two. */
  readonly keys?: readonly (readonly string[])[];
  readonly scope?: KeyScope;
  /** What it works on; without it the palette does not offer it. */
  readonly needs?: (state: EditorState) => boolean;
  /** Only a key: by name it would make no sense. */
  readonly keyOnly?: boolean;
  /** What the sheet says of it and of its like, once for all arrows. */
  readonly arrows?: string;
  run(tools: Tools): void;
}

const selection = ({ selection }: EditorState) => selection.nodes.length > 0;
const single = ({ selection }: EditorState) => selection.nodes.length === 1;
const layers = ({ draft }: EditorState) => draft.nodes.length > 0;
const anything = ({ selection }: EditorState) =>
  selection.nodes.length + selection.edges.length > 0;

const NUDGE = 20;

const EDIT: readonly EditorCommand[] = [
  {
    id: "add",
    group: "Edit",
    title: "Add a layer …",
    icon: Plus,
    keywords: "insert search new",
    keys: [["Tab"]],
    scope: "canvas",
    run: ({ actions, view }) =>
      actions.openSearch({ kind: "selection", screen: view.middle().screen }),
  },
  {
    id: "connect",
    group: "Edit",
    title: "Connect the selected layer to …",
    icon: Cable,
    keywords: "wire edge link",
    keys: [["C"]],
    needs: single,
    run: ({ actions, store, view }) => {
      const [from] = store.getState().selection.nodes;
      if (from) actions.openSearch({ kind: "connect", screen: view.middle().screen, from });
    },
  },
  {
    id: "parameters",
    group: "Edit",
    title: "Change the selected layer",
    icon: SlidersHorizontal,
    keywords: "edit parameters inspector units",
    keys: [["Enter"]],
    scope: "canvas",
    needs: single,
    run: ({ actions }) => actions.wish("params"),
  },
  {
    id: "rename",
    group: "Edit",
    title: "Rename the selected layer",
    icon: PencilLine,
    keywords: "title name",
    keys: [["F2"]],
    needs: single,
    run: ({ actions }) => actions.wish("title"),
  },
  {
    id: "undo",
    group: "Edit",
    title: "Undo",
    icon: Undo2,
    keys: [["Mod", "Z"]],
    run: ({ actions }) => actions.undo(),
  },
  {
    id: "redo",
    group: "Edit",
    title: "Redo",
    icon: Redo2,
    keys: [
      ["Mod", "Shift", "Z"],
      ["Mod", "Y"],
    ],
    run: ({ actions }) => actions.redo(),
  },
  {
    id: "cut",
    group: "Edit",
    title: "Cut",
    icon: Scissors,
    keys: [["Mod", "X"]],
    scope: "browser",
    needs: selection,
    run: (tools) => void copySelection(tools, true),
  },
  {
    id: "copy",
    group: "Edit",
    title: "Copy",
    icon: Copy,
    keywords: "json",
    keys: [["Mod", "C"]],
    scope: "browser",
    needs: selection,
    run: (tools) => void copySelection(tools, false),
  },
  {
    id: "paste",
    group: "Edit",
    title: "Paste",
    icon: ClipboardPaste,
    keywords: "json",
    keys: [["Mod", "V"]],
    scope: "browser",
    run: (tools) => void pasteFromClipboard(tools),
  },
  {
    id: "duplicate",
    group: "Edit",
    title: "Duplicate",
    icon: CopyPlus,
    keys: [["Mod", "D"]],
    needs: selection,
    run: ({ actions }) => actions.duplicateSelection(),
  },
  {
    id: "delete",
    group: "Edit",
    title: "Delete, and connect the neighbours",
    icon: Trash2,
    keywords: "remove",
    keys: [["Delete"], ["Backspace"]],
    needs: anything,
    run: ({ actions }) => actions.removeSelection(),
  },
];

const ARROWS: readonly { key: string; way: Direction; icon: LucideIcon; by: [number, number] }[] = [
  { key: "ArrowUp", way: "up", icon: MoveUp, by: [0, -NUDGE] },
  { key: "ArrowDown", way: "down", icon: MoveDown, by: [0, NUDGE] },
  { key: "ArrowLeft", way: "left", icon: MoveLeft, by: [-NUDGE, 0] },
  { key: "ArrowRight", way: "right", icon: MoveRight, by: [NUDGE, 0] },
];

const WHERE: Readonly<Record<Direction, string>> = {
  up: "above",
  down: "below",
  left: "at the left",
  right: "at the right",
};

function walkOn({ store, actions }: Tools, way: Direction, extend: boolean) {
  const { draft, selection } = store.getState();
  // The layer that was selected last is where the walk goes on.
  const from = selection.nodes.at(-1);
  const next = from ? walk(draft, from, way) : draft.nodes[0]?.id;
  if (!next) return;
  actions.select(extend ? [...selection.nodes.filter((id) => id !== next), next] : [next]);
}

const WALK: readonly EditorCommand[] = [
  ...ARROWS.flatMap(({ key, way, icon, by }): EditorCommand[] => [
    {
      id: `walk-${way}`,
      group: "Walk and select",
      title: `Go to the layer ${WHERE[way]}`,
      arrows: "Walk along the network",
      icon,
      keys: [[key]],
      scope: "canvas",
      needs: layers,
      run: (tools) => walkOn(tools, way, false),
    },
    {
      id: `extend-${way}`,
      group: "Walk and select",
      title: `Select the layer ${WHERE[way]} too`,
      arrows: "Walk on, and select one more",
      icon,
      keys: [["Shift", key]],
      scope: "canvas",
      needs: selection,
      keyOnly: true,
      run: (tools) => walkOn(tools, way, true),
    },
    {
      id: `move-${way}`,
      group: "Walk and select",
      title: `Move the selected layers ${way}`,
      arrows: "Move the selected layers",
      icon: MoveHorizontal,
      keys: [["Mod", key]],
      scope: "canvas",
      needs: selection,
      keyOnly: true,
      run: ({ actions }) => actions.nudge(by),
    },
  ]),
  {
    id: "select-all",
    group: "Walk and select",
    title: "Select all layers",
    icon: SquareDashed,
    keys: [["Mod", "A"]],
    scope: "canvas",
    needs: layers,
    run: ({ actions, store }) => actions.select(store.getState().draft.nodes.map(({ id }) => id)),
  },
  {
    id: "problem",
    group: "Walk and select",
    title: "Go to the next problem",
    icon: TriangleAlert,
    keywords: "error warning fix",
    keys: [["P"]],
    needs: ({ report }) => report.problems.length > 0,
    run: ({ actions, store }) => {
      const { report, selection } = store.getState();
      const places = [...new Set(report.problems.flatMap(({ where }) => where?.node ?? []))];
      const next = places[(places.indexOf(selection.nodes[0] ?? "") + 1) % places.length];
      if (next) actions.select([next]);
    },
  },
  {
    id: "back",
    group: "Walk and select",
    title: "Back to the canvas; there, select nothing",
    icon: Crosshair,
    keys: [["Escape"]],
    scope: "always",
    keyOnly: true,
    run: ({ actions }) => {
      if (onCanvas(document.activeElement)) actions.select([]);
      else focusCanvas();
    },
  },
  {
    id: "next-part",
    group: "Walk and select",
    title: "Go to the next part of the screen",
    icon: PanelRight,
    keys: [["F6"]],
    scope: "always",
    keyOnly: true,
    run: () => focusPane(1),
  },
  {
    id: "previous-part",
    group: "Walk and select",
    title: "Go to the part of the screen before",
    icon: PanelRight,
    keys: [["Shift", "F6"]],
    scope: "always",
    keyOnly: true,
    run: () => focusPane(-1),
  },
];

const VIEW: readonly EditorCommand[] = [
  {
    id: "zoom-in",
    group: "View",
    title: "Zoom in",
    icon: ZoomIn,
    keys: [["+"], ["="]],
    run: ({ view }) => view.zoomIn(),
  },
  {
    id: "zoom-out",
    group: "View",
    title: "Zoom out",
    icon: ZoomOut,
    keys: [["-"]],
    run: ({ view }) => view.zoomOut(),
  },
  {
    id: "fit",
    group: "View",
    title: "Show the whole network",
    icon: Maximize,
    keywords: "zoom fit all",
    keys: [["0"]],
    run: ({ view }) => view.fit(),
  },
  {
    id: "full-size",
    group: "View",
    title: "Show it at full size",
    icon: Scan,
    keywords: "zoom 100 %",
    keys: [["1"]],
    run: ({ view }) => view.fullSize(),
  },
  {
    id: "tidy",
    group: "View",
    title: "Tidy the layout",
    icon: Workflow,
    keywords: "arrange order clean",
    keys: [["T"]],
    needs: layers,
    run: ({ actions, view }) => {
      actions.tidy();
      view.fit();
    },
  },
  {
    id: "turn",
    group: "View",
    title: "Let it flow the other way",
    icon: MoveHorizontal,
    keywords: "direction top bottom left right horizontal vertical turn",
    keys: [["Shift", "T"]],
    needs: layers,
    run: ({ actions, store }) =>
      actions.turn(store.getState().draft.heading === "down" ? "right" : "down"),
  },
  {
    id: "list",
    group: "View",
    title: "Change between picture and list",
    icon: List,
    keywords: "screen reader table",
    keys: [["L"]],
    run: ({ host }) => host.toggleList(),
  },
  ...(["layer", "data", "training", "code"] as const).map(
    (tab): EditorCommand => ({
      id: `tab-${tab}`,
      group: "View",
      title: `Show the tab ${tab[0]?.toUpperCase()}${tab.slice(1)}`,
      icon: PanelRight,
      keywords: "inspector dataset recipe source pytorch keras",
      run: ({ host }) => host.showTab(tab),
    }),
  ),
];

const NETWORK: readonly EditorCommand[] = [
  {
    id: "train",
    group: "Network",
    title: "Train",
    icon: Play,
    keywords: "run start fit learn",
    keys: [["Mod", "Enter"]],
    scope: "always",
    run: ({ host }) => host.train(),
  },
  {
    id: "save",
    group: "Network",
    title: "Save a revision with a name …",
    icon: Save,
    keys: [["Mod", "S"]],
    scope: "always",
    run: ({ host }) => host.nameRevision(),
  },
  {
    id: "revisions",
    group: "Network",
    title: "Look at earlier revisions …",
    icon: History,
    keywords: "history versions restore compare",
    run: ({ host }) => host.showRevisions(),
  },
  {
    id: "open",
    group: "Network",
    title: "Open a network from a file …",
    icon: FolderOpen,
    keywords: "import keras json architecture load",
    keys: [["Mod", "O"]],
    run: ({ host }) => host.openFile(),
  },
  {
    id: "export",
    group: "Network",
    title: "Save the network to a file",
    icon: FileDown,
    keywords: "export json architecture download",
    needs: layers,
    run: ({ host }) => host.saveFile(),
  },
];

export const EDITOR_COMMANDS: readonly EditorCommand[] = [...EDIT, ...WALK, ...VIEW, ...NETWORK];

/** What the pointer does on the canvas, for the shortcut sheet. */
const GESTURES: readonly Shortcut[] = [
  { group: "On the canvas", keys: ["Double-click"], title: "Add a layer at that place" },
  { group: "On the canvas", keys: ["Drag a wire out"], title: "Add a layer at its end" },
  { group: "On the canvas", keys: ["Drop on a wire"], title: "Put a layer between two others" },
  { group: "On the canvas", keys: ["Shift", "Drag"], title: "Select in a frame" },
  { group: "On the canvas", keys: ["Mod", "Click"], title: "Select one more, or one less" },
  {
    group: "On the canvas",
    keys: ["Space", "Drag"],
    or: ["Middle-drag"],
    title: "Move the view",
  },
];

/** What the shortcut sheet lists: one line for each action, and one for all four arrows. */
export const EDITOR_SHORTCUTS: readonly Shortcut[] = [...shortcuts(), ...GESTURES];

function* shortcuts(): Generator<Shortcut> {
  const told = new Set<string>();
  for (const { group, title, keys, arrows } of EDITOR_COMMANDS) {
    const [first, second] = keys ?? [];
    if (!first || (arrows && told.has(arrows))) continue;
    if (arrows) {
      told.add(arrows);
      yield {
        group,
        title: arrows,
        keys: [...first.slice(0, -1), ...ARROWS.map(({ key }) => key)],
      };
    } else {
      yield { group, title, keys: first, or: second };
    }
  }
}
