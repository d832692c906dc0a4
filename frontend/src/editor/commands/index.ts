/** Every action of the editor, once: keys, command palette, menu and shortcut sheet read this list. */
import type { Shortcut } from "../../ui";
import { BLOCKS } from "./blocks";
import { EDIT } from "./edit";
import { NETWORK } from "./network";
import type { EditorCommand } from "./types";
import { VIEW } from "./view";
import { ARROWS, WALK } from "./walk";

export type { EditorCommand, InspectorTab, KeyScope, Tools } from "./types";

export const EDITOR_COMMANDS: readonly EditorCommand[] = [
  ...BLOCKS,
  ...EDIT,
  ...WALK,
  ...VIEW,
  ...NETWORK,
];

/** What the pointer does on the canvas, for the shortcut sheet. */
const GESTURES: readonly Shortcut[] = [
  { group: "On the canvas", keys: ["Double-click"], title: "Add a layer at that place" },
  { group: "On the canvas", keys: ["Double-click"], title: "On a block: open it" },
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
