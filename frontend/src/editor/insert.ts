/** Adding a layer where the user is: after the selection, before the end, or at the end. */
import {
  addNode,
  type Draft,
  findNode,
  type LayerTypes,
  NODE_WIDTH,
  type Outcome,
  type Params,
  type Point,
  STEP,
} from "./draft";
import { flowOf, orderOf, ranksOf } from "./flow";
import { connect, insertOnEdge, judge, makeRoom } from "./wires";

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
  if (!takesWires) return addNode(draft, type, freePlace(draft, "top"), params);
  const anchors = selected.filter((id) => findNode(draft, id));
  const maximum = declared?.inputs.maximum;
  const many = anchors.length > 1 && (maximum === null || (maximum ?? 1) >= anchors.length);
  if (many) return gather(draft, types, type, anchors, params);

  const anchor = anchors[0] ?? lastOpen(draft, types);
  if (anchor === null || anchor === undefined) {
    return addNode(draft, type, freePlace(draft, "bottom"), params);
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
  const [x, y] = draft.layout[anchor] ?? [0, 0];
  const passesOn = types.get(type)?.has_output ?? true;
  const fed = draft.edges.filter((edge) => edge.source === anchor);
  const between = passesOn && fed.length > 0;
  const place: Point = between || fed.length === 0 ? [x, y + STEP] : beside(draft, x, y + STEP);
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
  const [x, y] = draft.layout[anchor] ?? [0, 0];
  const added = addNode(draft, type, [x, y - STEP], params);
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
  const places = anchors.map((id) => draft.layout[id] ?? ([0, 0] as Point));
  const x = places.reduce((sum, place) => sum + place[0], 0) / places.length;
  const y = Math.max(...places.map((place) => place[1])) + STEP;
  const added = addNode(draft, type, [Math.round(x), y], params);
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
  wire: { from: string; side: "source" | "target" },
  at: Point,
): Outcome<{ draft: Draft; id: string }> {
  const added = addNode(draft, type, at);
  const wired =
    wire.side === "source"
      ? connect(added.draft, types, wire.from, added.id)
      : connect(added.draft, types, added.id, wire.from);
  return wired.ok ? { ok: true, id: added.id, draft: wired.draft } : wired;
}

/** Could a layer of this type take the other end of a wire from (or to) that layer? */
export function fitsAtWire(
  draft: Draft,
  types: LayerTypes,
  type: string,
  wire: { from: string; side: "source" | "target" },
): boolean {
  const { draft: trial, id } = addNode(draft, type);
  return (
    wire.side === "source" ? judge(trial, types, wire.from, id) : judge(trial, types, id, wire.from)
  ).ok;
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

function beside(draft: Draft, x: number, y: number): Point {
  const taken = Object.values(draft.layout);
  let place = x;
  while (taken.some(([a, b]) => Math.abs(a - place) < NODE_WIDTH && Math.abs(b - y) < STEP / 2)) {
    place += NODE_WIDTH + 40;
  }
  return [place, y];
}

/** A place that no layer takes: beside the first row, or under the last one. */
export function freePlace(draft: Draft, side: "top" | "bottom"): Point {
  const places = draft.nodes
    .map((node) => draft.layout[node.id])
    .filter((place): place is Point => place !== undefined);
  if (places.length === 0) return [0, 0];
  const left = Math.min(...places.map(([x]) => x));
  if (side === "top") return beside(draft, left, Math.min(...places.map(([, y]) => y)));
  return [left, Math.max(...places.map(([, y]) => y)) + STEP];
}
