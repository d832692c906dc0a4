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
