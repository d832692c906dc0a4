/** Adding a layer where the user is: after the selection, before the end, or at the end. */
import {
  addNode,
  type Blocks,
  type Draft,
  findNode,
  type LayerTypes,
  type Outcome,
  type Params,
} from "./draft";
import { flowOf, orderOf, ranksOf } from "./flow";
import { GAP, join, onward, type Point, STEP, split } from "./places";
import { connect, insertOnEdge, judge, makeRoom } from "./wires";

/** What can be added: a layer of a type, with parameters that are not the defaults. */
export interface Addition {
  readonly type: string;
  readonly params?: Params;
  /** The blocks of another document that it is made of. */
  readonly blocks?: Blocks;
}

/** The end of a wire that leads nowhere yet, or comes from nowhere. */
export interface WireEnd {
  readonly from: string;
  readonly side: "source" | "target";
  /** Which of the layer's named inputs or outputs it is. */
  readonly name?: string | null;
}

/**
 * Add a layer after the selected ones and connect it. What the selected layer fed is then fed by
 * the new one. Several selected layers all feed the new one if it takes that many. With nothing
 * selected the new layer goes to the end of the network.
 */
export function insertAfter(
  draft: Draft,
  types: LayerTypes,
  type: string,
  selected: readonly string[],
  params: Params = {},
): { draft: Draft; id: string } {
  const declared = types.get(type);
  const takesWires = declared?.inputs.maximum !== 0;
  if (!takesWires) return addNode(draft, type, freePlace(draft, "start"), params);
  const anchors = selected.filter((id) => findNode(draft, id));
  const maximum = declared?.inputs.maximum;
  const many = anchors.length > 1 && (maximum === null || (maximum ?? 1) >= anchors.length);
  if (many) return gather(draft, types, type, anchors, params);

  const anchor = anchors[0] ?? lastOpen(draft, types);
  if (anchor === null || anchor === undefined) {
    return addNode(draft, type, freePlace(draft, "end"), params);
  }
  const anchorType = types.get(findNode(draft, anchor)?.type ?? "");
  if (anchorType && !anchorType.has_output) {
    const before = draft.edges.find((edge) => edge.target === anchor);
    const inserted = before && insertOnEdge(draft, types, type, before, params);
    if (inserted?.ok) return inserted;
    return leadTo(draft, types, type, anchor, params);
  }
  return follow(draft, types, type, anchor, params);
}

/** Put the new layer behind `anchor`, and in front of all that `anchor` fed. */
function follow(
  draft: Draft,
  types: LayerTypes,
  type: string,
  anchor: string,
  params: Params,
): { draft: Draft; id: string } {
  const next = onward(draft.layout[anchor] ?? [0, 0], draft.heading);
  const passesOn = types.get(type)?.has_output ?? true;
  const fed = draft.edges.filter((edge) => edge.source === anchor);
  const between = passesOn && fed.length > 0;
  const place = between || fed.length === 0 ? next : beside(draft, next);
  const added = addNode(draft, type, place, params);
  const edges = between
    ? added.draft.edges.map((edge) =>
        edge.source === anchor ? { ...edge, source: added.id } : edge,
      )
    : added.draft.edges;
  const wired = connect({ ...added.draft, edges }, types, anchor, added.id);
  return { id: added.id, draft: makeRoom(wired.ok ? wired.draft : added.draft, added.id) };
}

function leadTo(
  draft: Draft,
  types: LayerTypes,
  type: string,
  anchor: string,
  params: Params,
): { draft: Draft; id: string } {
  const place = onward(draft.layout[anchor] ?? [0, 0], draft.heading, -1);
  const added = addNode(draft, type, place, params);
  const wired = connect(added.draft, types, added.id, anchor);
  return { id: added.id, draft: wired.ok ? wired.draft : added.draft };
}

function gather(
  draft: Draft,
  types: LayerTypes,
  type: string,
  anchors: readonly string[],
  params: Params,
): { draft: Draft; id: string } {
  const { heading } = draft;
  const places = anchors.map((id) => split(draft.layout[id] ?? [0, 0], heading));
  const across = places.reduce((sum, place) => sum + place.across, 0) / places.length;
  const along = Math.max(...places.map((place) => place.along)) + STEP[heading];
  const added = addNode(draft, type, join(along, Math.round(across), heading), params);
  const order = orderOf(draft);
  const sorted = [...anchors].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  let result = added.draft;
  for (const anchor of sorted) {
    const wired = connect(result, types, anchor, added.id);
    if (wired.ok) result = wired.draft;
  }
  return { id: added.id, draft: result };
}

/** Add a layer at the end of a wire that was dropped on the empty canvas. */
export function insertAtWire(
  draft: Draft,
  types: LayerTypes,
  type: string,
  wire: WireEnd,
  at: Point,
  params: Params = {},
): Outcome<{ draft: Draft; id: string }> {
  const added = addNode(draft, type, at, params);
  const wired =
    wire.side === "source"
      ? connect(added.draft, types, wire.from, added.id, null, wire.name)
      : connect(added.draft, types, added.id, wire.from, wire.name);
  return wired.ok ? { ok: true, id: added.id, draft: wired.draft } : wired;
}

/** Could a layer of this type take the other end of a wire from (or to) that layer? */
export function fitsAtWire(
  draft: Draft,
  types: LayerTypes,
  { type, params }: Addition,
  wire: WireEnd,
): boolean {
  const { draft: trial, id } = addNode(draft, type, undefined, params);
  const verdict =
    wire.side === "source"
      ? judge(trial, types, wire.from, id, null, wire.name)
      : judge(trial, types, id, wire.from, wire.name);
  return verdict.ok;
}

/** The last layer whose output nobody takes yet; null when there is none. */
function lastOpen(draft: Draft, types: LayerTypes): string | null {
  const { after } = flowOf(draft);
  const ranks = ranksOf(draft);
  const open = draft.nodes.filter(
    (node) => (types.get(node.type)?.has_output ?? true) && after.get(node.id)?.length === 0,
  );
  open.sort((a, b) => (ranks.get(b.id) ?? 0) - (ranks.get(a.id) ?? 0));
  return open[0]?.id ?? null;
}

/** The first free place at or beside a point. */
function beside(draft: Draft, at: Point): Point {
  const { heading } = draft;
  const taken = Object.values(draft.layout).map((place) => split(place, heading));
  let { along, across } = split(at, heading);
  while (
    taken.some(
      (other) =>
        Math.abs(other.across - across) < GAP[heading] &&
        Math.abs(other.along - along) < STEP[heading] / 2,
    )
  ) {
    across += GAP[heading];
  }
  return join(along, across, heading);
}

/** A place that no layer takes: beside the first ones, or behind the last one. */
export function freePlace(draft: Draft, side: "start" | "end"): Point {
  const { heading } = draft;
  const places = draft.nodes
    .map((node) => draft.layout[node.id])
    .filter((place): place is Point => place !== undefined)
    .map((place) => split(place, heading));
  if (places.length === 0) return [0, 0];
  const edge = Math.min(...places.map(({ across }) => across));
  if (side === "start") {
    return beside(draft, join(Math.min(...places.map(({ along }) => along)), edge, heading));
  }
  return join(Math.max(...places.map(({ along }) => along)) + STEP[heading], edge, heading);
}
