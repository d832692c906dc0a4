/** Places on the canvas, and the way a network flows there: downwards or to the right. */
import type { Edge } from "../api";

export type Point = readonly [number, number];
export type Layout = Readonly<Record<string, Point>>;
export type Heading = "down" | "right";

export const NODE_WIDTH = 244;
export const NODE_HEIGHT = 56;

/** Distance between the beginnings of two layers that follow each other. */
export const STEP: Readonly<Record<Heading, number>> = {
  down: NODE_HEIGHT + 36,
  right: NODE_WIDTH + 44,
};

/** Distance between the beginnings of two layers that stand beside each other. */
export const GAP: Readonly<Record<Heading, number>> = {
  down: NODE_WIDTH + 40,
  right: NODE_HEIGHT + 28,
};

/** How far on a place is along the flow, and where it is across it. */
export function split([x, y]: Point, heading: Heading): { along: number; across: number } {
  return heading === "down" ? { along: y, across: x } : { along: x, across: y };
}

export function join(along: number, across: number, heading: Heading): Point {
  return heading === "down" ? [across, along] : [along, across];
}

/** The place some steps further along the flow; behind with a negative number. */
export function onward(at: Point, heading: Heading, steps = 1): Point {
  const { along, across } = split(at, heading);
  return join(along + steps * STEP[heading], across, heading);
}

const BADGE_WIDTH = 280;
const BADGE_HEIGHT = 76;

/** Is there room for words beside a layer: at its right, or below it in a network that goes right? */
export function hasRoom(layout: Layout, id: string, heading: Heading): boolean {
  const at = layout[id];
  if (!at) return true;
  return !Object.values(layout).some(([x, y]) => {
    const [right, down] = [x - at[0], y - at[1]];
    return heading === "down"
      ? Math.abs(down) < NODE_HEIGHT && right > 0 && right < NODE_WIDTH + BADGE_WIDTH
      : Math.abs(right) < NODE_WIDTH && down > 0 && down < NODE_HEIGHT + BADGE_HEIGHT;
  });
}

/**
 * The way a layout flows. A document says where its layers stand, not which way it flows: the wires
 * between them do, all together.
 */
export function headingOf(edges: readonly Edge[], layout: Layout): Heading {
  let [right, down] = [0, 0];
  for (const { source, target } of edges) {
    const [from, to] = [layout[source], layout[target]];
    if (!from || !to) continue;
    right += Math.max(0, to[0] - from[0]) / STEP.right;
    down += Math.max(0, to[1] - from[1]) / STEP.down;
  }
  return right > down ? "right" : "down";
}
