/** Which wires may be, and what drawing or cutting one does to the draft. */
import type { Edge } from "../api";
import {
  addNode,
  blockOf,
  type Draft,
  findNode,
  type LayerTypes,
  nodeName,
  type Outcome,
  type Params,
  refuse,
  retargeted,
} from "./draft";
import { descendants, flowOf, pathBetween } from "./flow";
import { join, type Point, STEP, split } from "./places";
import { namePorts, outputOf, outputsOf, portOf, portsOf, wiresByPort } from "./ports";
import { bequeath } from "./sharing";

/** A wire that may be drawn: the named input it leads to, and the wire it takes the place of. */
export type Verdict = Outcome<{ readonly replaces: Edge | null; readonly port?: string }>;

export function sameEdge(a: Edge, b: Edge): boolean {
  return edgeKey(a) === edgeKey(b);
}

export function edgeKey({ source, target, port, output }: Edge): string {
  const from = output ? `${source}.${output}` : source;
  return port ? `${from}>${target}:${port}` : `${from}>${target}`;
}

/**
 * May `source` feed `target`, from its output and at the input `port` if these are chosen? If not,
 * the reason, for people.
 */
export function judge(
  draft: Draft,
  types: LayerTypes,
  source: string,
  target: string,
  port?: string | null,
  output?: string | null,
): Verdict {
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
  const ports = portsOf(draft, types, target);
  if (ports.length === 0 && blockOf(draft, types, target)) {
    return refuse(`${nodeName(to)} has no input: open it and put one in.`);
  }
  const left = output ?? outputsOf(draft, types, source)[0] ?? null;
  const feeds = (edge: Edge | undefined) =>
    edge?.source === source && outputOf(draft, types, edge) === left;
  if (ports.length === 0 && incoming.some(feeds)) {
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
  if (ports.length > 0) {
    const wires = wiresByPort(draft, types, target);
    const chosen = port ?? ports.find((name) => !wires.has(name));
    if (chosen === undefined) {
      return refuse(`All inputs of ${nodeName(to)} have a wire. Drop it on the one to replace.`);
    }
    if (feeds(wires.get(chosen))) {
      return refuse(`${nodeName(from)} already feeds the input ${chosen} of ${nodeName(to)}.`);
    }
    return { ok: true, port: chosen, replaces: wires.get(chosen) ?? null };
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
  port?: string | null,
  output?: string | null,
): Outcome<{ draft: Draft }> {
  const verdict = judge(draft, types, source, target, port, output);
  if (!verdict.ok) return verdict;
  const without = verdict.replaces ? disconnect(draft, types, [verdict.replaces]) : draft;
  const { edges } = namePorts(without, types, target);
  const wire: Edge = {
    source,
    target,
    ...(verdict.port ? { port: verdict.port } : {}),
    ...(output ? { output } : {}),
  };
  return { ok: true, draft: { ...draft, edges: [...edges, wire] } };
}

/** The wire, coming from where another one comes from. */
function from({ source, output }: Pick<Edge, "source" | "output">, wire: Edge): Edge {
  const { output: _, ...rest } = { ...wire, source };
  return output ? { ...rest, output } : rest;
}

export function disconnect(draft: Draft, types: LayerTypes, edges: readonly Edge[]): Draft {
  const gone = draft.edges.filter((edge) => edges.some((other) => sameEdge(edge, other)));
  if (gone.length === 0) return draft;
  const places = new Set(gone.map((edge) => draft.edges.indexOf(edge)));
  // Named first, while all are there: what is left must not move up to another input.
  const named = gone.reduce((rest, { target }) => namePorts(rest, types, target), draft);
  return { ...draft, edges: named.edges.filter((_, place) => !places.has(place)) };
}

/** Move one end of a wire to another layer; the draft is unchanged when the new wire is refused. */
export function reconnect(
  draft: Draft,
  types: LayerTypes,
  old: Edge,
  source: string,
  target: string,
  port?: string | null,
  output: string | null | undefined = old.source === source ? old.output : null,
): Outcome<{ draft: Draft }> {
  const before = portOf(draft, types, old);
  const same = old.target === target && (port ?? before) === before;
  if (same && old.source === source && (old.output ?? null) === (output ?? null)) {
    return { ok: true, draft };
  }
  const without = disconnect(draft, types, [old]);
  const verdict = judge(without, types, source, target, same ? before : port, output);
  if (!verdict.ok) return verdict;
  if (!same) return connect(without, types, source, target, port, output);
  // The order of a target's wires is the order of its inputs: the new wire keeps the old one's place.
  const edges = draft.edges.map((edge) =>
    sameEdge(edge, old) ? from({ source, output }, old) : edge,
  );
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
      ? [from(edge, { source: edge.source, target: id }), from({ source: id }, edge)]
      : [other],
  );
  return { ok: true, draft: { ...draft, edges } };
}

/** Add a layer on a wire and push what follows it onward, so that it has room. */
export function insertOnEdge(
  draft: Draft,
  types: LayerTypes,
  type: string,
  edge: Edge,
  params: Params = {},
  at?: Point,
): Outcome<{ draft: Draft; id: string }> {
  const added = addNode(draft, type, at ?? placeOnWire(draft, edge), params);
  const spliced = spliceNode(added.draft, types, added.id, edge);
  if (!spliced.ok) return spliced;
  return { ok: true, id: added.id, draft: makeRoom(spliced.draft, added.id) };
}

/** One step behind the wire's source, in line with its target. */
function placeOnWire({ layout, heading }: Draft, { source, target }: Edge): Point | undefined {
  const before = layout[source];
  if (!before) return undefined;
  const { along } = split(before, heading);
  return join(along + STEP[heading], split(layout[target] ?? before, heading).across, heading);
}

/** Push everything behind a layer onward by as much as the first layer behind it lacks. */
export function makeRoom(draft: Draft, id: string): Draft {
  const { heading } = draft;
  const step = STEP[heading];
  const place = draft.layout[id];
  if (!place) return draft;
  const at = split(place, heading).along;
  const nearest = (flowOf(draft).after.get(id) ?? []).flatMap((other) => {
    const next = draft.layout[other];
    return next ? [split(next, heading).along] : [];
  });
  const lack = at + step - Math.min(...nearest);
  if (nearest.length === 0 || lack <= 0) return draft;
  const layout: Record<string, Point> = { ...draft.layout };
  for (const other of descendants(draft, id)) {
    const old = draft.layout[other];
    if (!old) continue;
    const { along, across } = split(old, heading);
    if (along > at - step) layout[other] = join(along + lack, across, heading);
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

function removeNode(before: Draft, types: LayerTypes, id: string): Draft {
  if (!findNode(before, id)) return before;
  const draft = bequeath(before, id);
  const into = draft.edges.filter((edge) => edge.target === id);
  const sources = new Map(into.map((edge) => [`${edge.source}.${edge.output ?? ""}`, edge]));
  const { [id]: _, ...layout } = draft.layout;
  const fed = draft.edges.filter((edge) => edge.source === id);
  const { edges: wires } = fed.reduce((rest, wire) => namePorts(rest, types, wire.target), draft);
  const without: Draft = {
    ...draft,
    nodes: draft.nodes.filter((node) => node.id !== id),
    edges: wires.filter((edge) => edge.source !== id && edge.target !== id),
    layout,
    ...retargeted(draft, (target) => (target[0] === id ? [] : [[...target]])),
  };
  const bridges = new Map<Edge, Edge[]>();
  let trial = without;
  for (const edge of wires) {
    if (edge.source !== id) continue;
    const made: Edge[] = [];
    for (const old of sources.values()) {
      const verdict = judge(trial, types, old.source, edge.target, edge.port, old.output);
      if (!verdict.ok || verdict.replaces) continue;
      const bridge = from(old, edge);
      made.push(bridge);
      trial = { ...trial, edges: [...trial.edges, bridge] };
    }
    bridges.set(edge, made);
  }
  const edges = wires.flatMap((edge) => {
    if (edge.source === id) return bridges.get(edge) ?? [];
    return edge.target === id ? [] : [edge];
  });
  return { ...without, edges };
}
