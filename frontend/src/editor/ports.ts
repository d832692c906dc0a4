/** The named inputs and outputs of a layer: which wire leads to which. */
import type { Edge } from "../api";
import { type Block, blockOf, type Draft, findNode, type LayerTypes } from "./draft";

const NONE: readonly string[] = [];

type EndRole = "input" | "output";
const ends = new WeakMap<Block, Readonly<Record<EndRole, readonly string[]>>>();

/** The names of a layer's inputs, in order; empty where its inputs have no names. */
export function portsOf(draft: Draft, types: LayerTypes, id: string): readonly string[] {
  const block = blockOf(draft, types, id);
  return block
    ? endsOf(block, types, "input")
    : (types.get(findNode(draft, id)?.type ?? "")?.ports ?? NONE);
}

/** The names of a layer's outputs, in order; empty where it has only one, without a name. */
export function outputsOf(draft: Draft, types: LayerTypes, id: string): readonly string[] {
  const block = blockOf(draft, types, id);
  return block ? endsOf(block, types, "output") : NONE;
}

/** The layers by which values enter a block, or leave it. */
export function endsOf(block: Block, types: LayerTypes, role: EndRole): readonly string[] {
  let known = ends.get(block);
  if (!known) {
    const names = (wanted: EndRole) =>
      block.nodes.filter(({ type }) => types.get(type)?.role === wanted).map(({ id }) => id);
    known = { input: names("input"), output: names("output") };
    ends.set(block, known);
  }
  return known[role];
}

/** The output that a wire comes from; null where the layer has only one, without a name. */
export function outputOf(draft: Draft, types: LayerTypes, edge: Edge): string | null {
  return edge.output ?? outputsOf(draft, types, edge.source)[0] ?? null;
}

/** The wires of a layer by the input they lead to: those that name one, then the rest in order. */
export function wiresByPort(
  draft: Draft,
  types: LayerTypes,
  target: string,
): ReadonlyMap<string, Edge> {
  const ports = portsOf(draft, types, target);
  const found = new Map<string, Edge>();
  const rest: Edge[] = [];
  for (const edge of draft.edges) {
    if (edge.target !== target) continue;
    if (edge.port && ports.includes(edge.port) && !found.has(edge.port)) found.set(edge.port, edge);
    else rest.push(edge);
  }
  for (const port of ports) {
    if (found.has(port)) continue;
    const edge = rest.shift();
    if (edge) found.set(port, edge);
  }
  return found;
}

/** The input that a wire leads to; null where inputs have no names. */
export function portOf(draft: Draft, types: LayerTypes, edge: Edge): string | null {
  for (const [port, wire] of wiresByPort(draft, types, edge.target)) {
    if (wire === edge) return port;
  }
  return null;
}

/** The draft with every wire to a layer naming its input, so that none moves when another goes. */
export function namePorts(draft: Draft, types: LayerTypes, target: string): Draft {
  const names = new Map([...wiresByPort(draft, types, target)].map(([port, edge]) => [edge, port]));
  if (names.size === 0) return draft;
  const edges = draft.edges.map((edge) => {
    const port = names.get(edge);
    return port && edge.port !== port ? { ...edge, port } : edge;
  });
  return { ...draft, edges };
}

/** The inputs that have a wire, as words: their names, or "input" where inputs have no names. */
export function takenInputs(draft: Draft, types: LayerTypes, id: string): string {
  const named = [...wiresByPort(draft, types, id).keys()];
  if (named.length > 0) return named.join(" ");
  return draft.edges.some(({ target }) => target === id) ? "input" : "";
}
