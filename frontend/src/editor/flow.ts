/** How layers follow each other: neighbours, paths, order. Copes with drafts that have cycles. */
import type { Body, Draft } from "./draft";
import { type Heading, split } from "./places";

/** For each layer, the layers that feed it (or that it feeds), in the order of the wires. */
export interface Flow {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
}

export function flowOf(draft: Body): Flow {
  const before = new Map<string, string[]>(draft.nodes.map((node) => [node.id, []]));
  const after = new Map<string, string[]>(draft.nodes.map((node) => [node.id, []]));
  for (const { source, target } of draft.edges) {
    if (!before.has(source) || !before.has(target)) continue;
    before.get(target)?.push(source);
    after.get(source)?.push(target);
  }
  return { before, after };
}

/** A way along the wires from one layer to another, both included; null when there is none. */
export function pathBetween(draft: Draft, from: string, to: string): string[] | null {
  const { after } = flowOf(draft);
  const cameFrom = new Map<string, string | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === to) {
      const path: string[] = [];
      for (let step: string | null = to; step !== null; step = cameFrom.get(step) ?? null) {
        path.unshift(step);
      }
      return path;
    }
    for (const next of after.get(at) ?? []) {
      if (!cameFrom.has(next)) {
        cameFrom.set(next, at);
        queue.push(next);
      }
    }
  }
  return null;
}

/** Everything that a layer's output reaches, without the layer itself. */
export function descendants(draft: Draft, id: string): Set<string> {
  const { after } = flowOf(draft);
  const found = new Set<string>();
  const stack = [...(after.get(id) ?? [])];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    stack.push(...(after.get(at) ?? []));
  }
  found.delete(id);
  return found;
}

/** Layers from first to last; those on or behind a cycle come at the end, in document order. */
export function orderOf(draft: Body): string[] {
  const { before, after } = flowOf(draft);
  const waiting = new Map([...before].map(([id, sources]) => [id, sources.length]));
  const ready = draft.nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  const order: string[] = [];
  for (let at = ready.shift(); at !== undefined; at = ready.shift()) {
    order.push(at);
    for (const next of after.get(at) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  const placed = new Set(order);
  return [...order, ...draft.nodes.map((node) => node.id).filter((id) => !placed.has(id))];
}

/** How far down each layer stands: the longest way to it from a layer that nothing feeds. */
export function ranksOf(draft: Draft): Map<string, number> {
  const { before } = flowOf(draft);
  const ranks = new Map<string, number>();
  for (const id of orderOf(draft)) {
    const above = (before.get(id) ?? []).map((source) => ranks.get(source) ?? -1);
    ranks.set(id, Math.max(-1, ...above) + 1);
  }
  return ranks;
}

export type Direction = "up" | "down" | "left" | "right";

const ALONG: Readonly<Record<Heading, readonly [Direction, Direction]>> = {
  down: ["up", "down"],
  right: ["left", "right"],
};

/**
 * Where an arrow key takes the selection: the arrows along the flow follow the wires, those across
 * it go among the layers of the same rank. Null when there is nothing that way.
 */
export function walk(draft: Draft, from: string, direction: Direction): string | null {
  const { before, after } = flowOf(draft);
  const [back, on] = ALONG[draft.heading];
  const acrossOf = (id: string) => split(draft.layout[id] ?? [0, 0], draft.heading).across;
  const across = acrossOf(from);
  const nearest = (ids: readonly string[]) =>
    [...ids].sort((a, b) => Math.abs(acrossOf(a) - across) - Math.abs(acrossOf(b) - across))[0] ??
    null;
  if (direction === back) return nearest(before.get(from) ?? []);
  if (direction === on) return nearest(after.get(from) ?? []);
  const ranks = ranksOf(draft);
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  return nearest(
    draft.nodes
      .map((node) => node.id)
      .filter((id) => ranks.get(id) === ranks.get(from) && sign * (acrossOf(id) - across) > 0),
  );
}
