/** Which wires may be, and what drawing or cutting one does to the draft. */
import type { Edge } from "../api";
import {
  addNode,
  type Draft,
  findNode,
  type LayerTypes,
  nodeName,
  type Outcome,
  type Params,
  type Point,
  refuse,
  STEP,
} from "./draft";
import { descendants, flowOf, pathBetween } from "./flow";

/** A wire that may be drawn, with the wire it takes the place of. */
export type Verdict = Outcome<{ readonly replaces: Edge | null }>;

export function sameEdge(a: Edge, b: Edge): boolean {
  return a.source === b.source && a.target === b.target && (a.port ?? null) === (b.port ?? null);
}

export function edgeKey({ source, target, port }: Edge): string {
  return port ? `${source}>${target}:${port}` : `${source}>${target}`;
}

/** May `source` feed `target`? If not, the reason, for people. */
export function judge(draft: Draft, types: LayerTypes, source: string, target: string): Verdict {
  const from = findNode(draft, source);
  const to = findNode(draft, target);
  if (!from || !to) return refuse("That layer is no longer there.");
  if (source === target) return refuse("A layer cannot feed itself: connect it to another layer.");
  const fromType = types.get(from.type);
  const toType = types.get(to.type);
  if (fromType && !fromType.has_output) {
    return refuse(`${nodeName(from)} ends the network and passes nothing on.`);
  }
  const maximum = toType ? toType.inputs.maximum : 1;
  if (maximum === 0) {
    return refuse(`${nodeName(to)} begins the network and takes no wire.`);
  }
  const incoming = draft.edges.filter((edge) => edge.target === target);
  if (incoming.some((edge) => edge.source === source)) {
    return refuse(`${nodeName(from)} already feeds ${nodeName(to)}.`);
  }
  const path = pathBetween(draft, target, source);
  if (path) {
    const names = [...path, target].map((id) => {
      const node = findNode(draft, id);
      return node ? nodeName(node) : id;
    });
    const shown = names.length > 5 ? [...names.slice(0, 2), "…", ...names.slice(-2)] : names;
    return refuse(
      `This wire would close a cycle: ${shown.join(" → ")}. A network flows one way only.`,
    );
  }
  if (maximum === null || incoming.length < maximum) return { ok: true, replaces: null };
  if (maximum === 1) return { ok: true, replaces: incoming[0] ?? null };
  return refuse(`${nodeName(to)} takes at most ${maximum} wires. Remove one first.`);
}

/** Draw a wire; where only one fits, it takes the place of the old one. */
export function connect(
  draft: Draft,
  types: LayerTypes,
  source: string,
  target: string,
): Outcome<{ draft: Draft }> {
  const verdict = judge(draft, types, source, target);
  if (!verdict.ok) return verdict;
  const { replaces } = verdict;
  const kept = replaces ? draft.edges.filter((edge) => !sameEdge(edge, replaces)) : draft.edges;
  return { ok: true, draft: { ...draft, edges: [...kept, { source, target }] } };
}

export function disconnect(draft: Draft, edges: readonly Edge[]): Draft {
  const kept = draft.edges.filter((edge) => !edges.some((gone) => sameEdge(edge, gone)));
  return kept.length === draft.edges.length ? draft : { ...draft, edges: kept };
}

/** Move one end of a wire to another layer; the draft is unchanged when the new wire is refused. */
export function reconnect(
  draft: Draft,
  types: LayerTypes,
  old: Edge,
  source: string,
  target: string,
): Outcome<{ draft: Draft }> {
  if (old.source === source && old.target === target) return { ok: true, draft };
  const without = disconnect(draft, [old]);
  const verdict = judge(without, types, source, target);
  if (!verdict.ok) return verdict;
  if (old.target !== target) return connect(without, types, source, target);
  // The order of a target's wires is the order of its inputs: the new wire keeps the old one's place.
  const edges = draft.edges.map((edge) => (sameEdge(edge, old) ? { ...old, source } : edge));
  return { ok: true, draft: { ...draft, edges } };
}

/** Can a layer of this type stand between two others? */
export function fitsOnWire(types: LayerTypes, type: string): boolean {
  const declared = types.get(type);
  return !!declared?.has_output && declared.inputs.maximum !== 0;
}

/** Put a layer that has no wires onto a wire, in the same place of the target's inputs. */
export function spliceNode(
  draft: Draft,
  types: LayerTypes,
  id: string,
  edge: Edge,
): Outcome<{ draft: Draft }> {
  const node = findNode(draft, id);
  if (!node) return refuse("That layer is no longer there.");
  if (!draft.edges.some((other) => sameEdge(other, edge))) {
    return refuse("That wire is no longer there.");
  }
  if (!fitsOnWire(types, node.type)) {
    return refuse(`${nodeName(node)} cannot stand on a wire.`);
  }
  if (draft.edges.some((other) => other.source === id || other.target === id)) {
    return refuse(`${nodeName(node)} already has wires of its own.`);
  }
  const edges = draft.edges.flatMap((other) =>
    sameEdge(other, edge)
      ? [
          { source: edge.source, target: id },
          { ...edge, source: id },
        ]
      : [other],
  );
  return { ok: true, draft: { ...draft, edges } };
}

/** Add a layer on a wire and push what follows it down, so that it has room. */
export function insertOnEdge(
  draft: Draft,
  types: LayerTypes,
  type: string,
  edge: Edge,
  params: Params = {},
  at?: Point,
): Outcome<{ draft: Draft; id: string }> {
  const above = draft.layout[edge.source];
  const below = draft.layout[edge.target];
  const place =
    at ?? (above ? ([below ? below[0] : above[0], above[1] + STEP] as Point) : undefined);
  const added = addNode(draft, type, place, params);
  const spliced = spliceNode(added.draft, types, added.id, edge);
  if (!spliced.ok) return spliced;
  return { ok: true, id: added.id, draft: makeRoom(spliced.draft, added.id) };
}

/** Push everything behind a layer down by as much as the first layer behind it lacks. */
export function makeRoom(draft: Draft, id: string): Draft {
  const at = draft.layout[id];
  if (!at) return draft;
  const behind = [...descendants(draft, id)].filter((other) => draft.layout[other]);
  const nearest = (flowOf(draft).after.get(id) ?? [])
    .map((other) => draft.layout[other]?.[1])
    .filter((y): y is number => y !== undefined);
  const lack = at[1] + STEP - Math.min(...nearest);
  if (nearest.length === 0 || lack <= 0) return draft;
  const layout: Record<string, Point> = { ...draft.layout };
  for (const other of behind) {
    const [x, y] = draft.layout[other] ?? [0, 0];
    if (y > at[1] - STEP) layout[other] = [x, y + lack];
  }
  return { ...draft, layout };
}

/**
 * Remove layers. What fed a removed layer is connected to what it fed, in the same place of the
 * target's inputs, wherever such a wire may be without pushing another out.
 */
export function removeNodes(draft: Draft, types: LayerTypes, ids: readonly string[]): Draft {
  return ids.reduce((rest, id) => removeNode(rest, types, id), draft);
}

function removeNode(draft: Draft, types: LayerTypes, id: string): Draft {
  if (!findNode(draft, id)) return draft;
  const sources = draft.edges.filter((edge) => edge.target === id).map((edge) => edge.source);
  const { [id]: _, ...layout } = draft.layout;
  const without: Draft = {
    ...draft,
    nodes: draft.nodes.filter((node) => node.id !== id),
    edges: draft.edges.filter((edge) => edge.source !== id && edge.target !== id),
    layout,
  };
  const bridges = new Map<Edge, Edge[]>();
  let trial = without;
  for (const edge of draft.edges) {
    if (edge.source !== id) continue;
    const made: Edge[] = [];
    for (const source of sources) {
      const verdict = judge(trial, types, source, edge.target);
      if (!verdict.ok || verdict.replaces) continue;
      const bridge: Edge = { ...edge, source };
      made.push(bridge);
      trial = { ...trial, edges: [...trial.edges, bridge] };
    }
    bridges.set(edge, made);
  }
  const edges = draft.edges.flatMap((edge) => {
    if (edge.source === id) return bridges.get(edge) ?? [];
    return edge.target === id ? [] : [edge];
  });
  return { ...without, edges };
}
