/** Unfolding a block: its layers in the place of the one that was made of them. */
import type { Edge } from "../../api";
import {
  type Block,
  blockName,
  blockOf,
  type Draft,
  type DraftNode,
  defaultsOf,
  findNode,
  freshId,
  idsOf,
  type LayerTypes,
  nodeName,
  type Outcome,
  refuse,
  renamed,
  retargeted,
} from "../draft";
import { headingOf, join, type Layout, type Point, STEP, split } from "../places";
import { endsOf, outputOf, wiresByPort } from "../ports";
import { tidy } from "../tidy";
import { valuesOf } from "./parameters";

/** So many copies are drawn at most. */
const MOST_COPIES = 24;

/** Where a wire comes from. */
interface Spring {
  readonly source: string;
  readonly output: string | null;
}

/** Put what a block holds in its place, once for each copy. */
export function unfold(
  draft: Draft,
  types: LayerTypes,
  id: string,
): Outcome<{ draft: Draft; ids: string[] }> {
  const node = findNode(draft, id);
  const block = blockOf(draft, types, id);
  const reason = whyNot(draft, types, node, block);
  if (!node || !block || reason !== null) return refuse(reason ?? "");
  const { repeat = 1 } = { ...defaultsOf(types.get(node.type)), ...node.params };
  const copies = Number(repeat);
  const values = valuesOf(block, node.params.arguments as Record<string, unknown> | undefined);
  const inner = withValues(block, values);

  const taken = idsOf(draft);
  taken.delete(id);
  const made: DraftNode[] = [];
  const wires: Edge[] = [];
  const layout: Record<string, Point> = {};
  const names: Map<string, string>[] = [];
  const { extent, places } = placesIn(draft, types, block, id);
  let springs = springsInto(draft, types, id);
  for (let copy = 0; copy < copies; copy += 1) {
    const ids = new Map<string, string>();
    for (const { id: old, type } of inner.nodes) {
      if (isEnd(types, type)) continue;
      const fresh = freshId(old, taken);
      taken.add(fresh);
      ids.set(old, fresh);
      const at = split(places[old] ?? [0, 0], draft.heading);
      layout[fresh] = join(at.along + copy * extent, at.across, draft.heading);
    }
    names.push(ids);
    for (const old of inner.nodes) {
      if (ids.has(old.id)) made.push(renamed(old, (name) => ids.get(name) ?? name));
    }
    springs = unfoldedWires(types, inner, ids, springs, wires);
  }

  const edges: Edge[] = [];
  const place = draft.edges.findIndex(({ source, target }) => source === id || target === id);
  draft.edges.forEach((edge, index) => {
    if (index === place) edges.push(...wires);
    if (edge.target === id) return;
    if (edge.source !== id) edges.push(edge);
    else {
      const spring = springs.get(outputOf(draft, types, edge) ?? "");
      if (spring) edges.push(wire(spring, edge));
    }
  });
  if (place < 0) edges.push(...wires);

  const pushed = pushedOn(draft, id, extent * copies);
  const nodes = draft.nodes.flatMap((old) => (old.id === id ? made : [old]));
  const name = blockName(types, node) ?? "";
  const others = { ...draft.blocks };
  const uses = [{ nodes }, ...Object.values(others)].flatMap((body) => body.nodes);
  // Nothing is made of it any more: it is dissolved.
  if (!uses.some((other) => blockName(types, other) === name)) delete others[name];
  const { blocks: _, ...rest } = draft;
  return {
    ok: true,
    ids: made.map((layer) => layer.id),
    draft: {
      ...rest,
      nodes,
      edges,
      layout: { ...pushed, ...layout },
      ...(Object.keys(others).length > 0 ? { blocks: others } : {}),
      ...retargeted(draft, (target) =>
        target[0] === id ? reached(block, names, target[2] ?? "") : [[...target]],
      ),
    },
  };
}

function whyNot(
  draft: Draft,
  types: LayerTypes,
  node: DraftNode | undefined,
  block: Block | undefined,
): string | null {
  if (!node || types.get(node.type)?.role !== "block") return "Select one block to unfold it.";
  if (!block) return "There is no block of this name in the network any more.";
  const heir = draft.nodes.find(({ shares }) => shares === node.id);
  if (node.shares || heir) {
    const [one, other] = node.shares
      ? [nodeName(node), node.shares]
      : [heir ? nodeName(heir) : "", nodeName(node)];
    return `${one} computes with the weights of ${other}. Give it weights of its own first.`;
  }
  const repeat = Number(node.params.repeat ?? 1);
  if (repeat > MOST_COPIES) {
    return `${nodeName(node)} is repeated ${repeat} times. Repeat it at most ${MOST_COPIES} times to unfold it.`;
  }
  for (const [name, { sets }] of Object.entries(draft.parameters ?? {})) {
    if (sets.some(([id, parameter]) => id === node.id && parameter === "repeat")) {
      return `The argument ${name} sets how often ${nodeName(node)} is repeated. Take that back first.`;
    }
  }
  return null;
}

function isEnd(types: LayerTypes, type: string): boolean {
  const role = types.get(type)?.role;
  return role === "input" || role === "output";
}

/** What the block holds, with the values that its parameters set. */
function withValues(block: Block, values: Readonly<Record<string, unknown>>): Block {
  const nodes = block.nodes.map((node) => {
    const params: Record<string, unknown> = { ...node.params };
    for (const [name, { sets }] of Object.entries(block.parameters ?? {})) {
      for (const [id, parameter = "", argument] of sets) {
        if (id !== node.id) continue;
        params[parameter] =
          argument === undefined
            ? values[name]
            : { ...(params[parameter] as object | undefined), [argument]: values[name] };
      }
    }
    return { ...node, params };
  });
  return { ...block, nodes };
}

/** What feeds each input of the block. */
function springsInto(draft: Draft, types: LayerTypes, id: string): Map<string, Spring> {
  const found = new Map<string, Spring>();
  for (const [port, edge] of wiresByPort(draft, types, id)) {
    found.set(port, { source: edge.source, output: edge.output ?? null });
  }
  return found;
}

function wire({ source, output }: Spring, edge: Edge): Edge {
  const { output: _, ...rest } = edge;
  return { ...rest, source, ...(output ? { output } : {}) };
}

/** Add the wires of one copy; the answer tells where each of the next copy's inputs comes from. */
function unfoldedWires(
  types: LayerTypes,
  block: Block,
  ids: ReadonlyMap<string, string>,
  springs: ReadonlyMap<string, Spring>,
  wires: Edge[],
): Map<string, Spring> {
  const from = (edge: Edge): Spring | undefined => {
    const source = ids.get(edge.source);
    return source ? { source, output: edge.output ?? null } : springs.get(edge.source);
  };
  const outputs = endsOf(block, types, "output");
  const left = new Map<string, Spring>();
  for (const edge of block.edges) {
    const spring = from(edge);
    const target = ids.get(edge.target);
    if (!spring) continue;
    if (target) wires.push({ ...wire(spring, edge), target });
    else if (outputs.includes(edge.target)) left.set(edge.target, spring);
  }
  // A repeated block has one input and one output: what leaves a copy enters the next.
  const [entry] = endsOf(block, types, "input");
  const [exit] = outputs;
  const next = exit === undefined ? undefined : left.get(exit);
  if (entry !== undefined && next) left.set(entry, next);
  return left;
}

/** What a parameter around the block sets inside it. */
function reached(block: Block, names: readonly Map<string, string>[], argument: string) {
  const sets = block.parameters?.[argument]?.sets ?? [];
  return names.flatMap((ids) =>
    sets.map(([id = "", ...rest]): string[] => [ids.get(id) ?? id, ...rest]),
  );
}

/** Where the layers of the first copy stand on the canvas, and how far on the next copy begins. */
function placesIn(draft: Draft, types: LayerTypes, block: Block, id: string) {
  const { heading } = draft;
  const nodes = block.nodes.filter(({ type }) => !isEnd(types, type));
  const standing = headingOf(block.edges, block.layout) === heading;
  const whole = standing && nodes.every((node) => block.layout[node.id]);
  const layout: Layout = whole
    ? block.layout
    : tidy({ ...draft, nodes, edges: block.edges, layout: {} }).layout;
  const at = nodes.map((node) => split(layout[node.id] ?? [0, 0], heading));
  const here = split(draft.layout[id] ?? [0, 0], heading);
  const begin = Math.min(...at.map(({ along }) => along));
  const end = Math.max(...at.map(({ along }) => along));
  const across = at.map((place) => place.across);
  const middle = (Math.min(...across) + Math.max(...across)) / 2;
  const places = nodes.map((node, index): [string, Point] => {
    const place = at[index] ?? here;
    return [
      node.id,
      join(
        here.along + place.along - begin,
        Math.round(here.across + place.across - middle),
        heading,
      ),
    ];
  });
  const extent = nodes.length === 0 ? 0 : end - begin + STEP[heading];
  return { places: Object.fromEntries(places), extent };
}

/** The other layers; those behind the block make room for what it holds. */
function pushedOn(draft: Draft, id: string, extent: number): Record<string, Point> {
  const { heading } = draft;
  const here = split(draft.layout[id] ?? [0, 0], heading).along;
  const { [id]: _, ...layout } = draft.layout;
  return Object.fromEntries(
    Object.entries(layout).map(([name, at]) => {
      const { along, across } = split(at, heading);
      const on = along > here ? along + Math.max(0, extent - STEP[heading]) : along;
      return [name, join(on, across, heading)];
    }),
  );
}
