/** Going from layer to layer and selecting them. */
import {
  Crosshair,
  type LucideIcon,
  MoveDown,
  MoveHorizontal,
  MoveLeft,
  MoveRight,
  MoveUp,
  PanelRight,
  SquareDashed,
  TriangleAlert,
} from "lucide-react";
import { wayTo } from "../blocks/level";
import { type Direction, walk } from "../flow";
import { focusCanvas, focusPane, onCanvas } from "../panes";
import { placeOf } from "../report";
import { anyLayers, type EditorCommand, someSelected, type Tools } from "./types";

const NUDGE = 20;

export const ARROWS: readonly {
  key: string;
  way: Direction;
  icon: LucideIcon;
  by: [number, number];
}[] = [
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

export const WALK: readonly EditorCommand[] = [
  ...ARROWS.flatMap(({ key, way, icon, by }): EditorCommand[] => [
    {
      id: `walk-${way}`,
      group: "Walk and select",
      title: `Go to the layer ${WHERE[way]}`,
      arrows: "Walk along the network",
      icon,
      keys: [[key]],
      scope: "canvas",
      needs: anyLayers,
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
      needs: someSelected,
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
      needs: someSelected,
      keyOnly: true,
      run: ({ actions }) => actions.nudge(by),
    },
  ]),
  {
    id: "select-all",
    group: "Walk and select",
    menu: "canvas",
    title: "Select all layers",
    icon: SquareDashed,
    keys: [["Mod", "A"]],
    scope: "canvas",
    needs: anyLayers,
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
      const { report, network, types, inside, selection } = store.getState();
      const keyed = report.problems.flatMap((problem) => {
        const place = placeOf(problem, (block) => wayTo(network, types, block));
        return place ? [[[...place.inside, place.node].join("/"), place] as const] : [];
      });
      const places = [...new Map(keyed)];
      const here = [...inside, selection.nodes[0] ?? ""].join("/");
      const [, next] =
        places[(places.findIndex(([key]) => key === here) + 1) % places.length] ?? [];
      if (next) actions.goTo(next.inside, [next.node]);
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
