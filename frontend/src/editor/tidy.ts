/** Places for layers: the whole network set out along its flow, or only those without a place. */
import dagre from "@dagrejs/dagre";
import type { Draft } from "./draft";
import { flowOf, ranksOf } from "./flow";
import { freePlace } from "./insert";
import {
  GAP,
  type Heading,
  join,
  NODE_HEIGHT,
  NODE_WIDTH,
  onward,
  type Point,
  STEP,
} from "./places";

/** Beyond this dagre gets slow, and on very long chains it overflows the stack. */
const DAGRE_LIMIT = 400;

/** Set out the whole network along its flow, starting at (0, 0). */
export function tidy(draft: Draft): Draft {
  if (draft.nodes.length === 0) return draft;
  const layout = draft.nodes.length > DAGRE_LIMIT ? byRank(draft) : byDagre(draft);
  return { ...draft, layout };
}

/** Set out the whole network anew, flowing another way. */
export function turned(draft: Draft, heading: Heading): Draft {
  return draft.heading === heading ? draft : tidy({ ...draft, heading });
}

function byDagre(draft: Draft): Record<string, Point> {
  const down = draft.heading === "down";
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: down ? "TB" : "LR",
    nodesep: GAP[draft.heading] - (down ? NODE_WIDTH : NODE_HEIGHT),
    ranksep: STEP[draft.heading] - (down ? NODE_HEIGHT : NODE_WIDTH),
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of draft.nodes) {
    graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  const known = new Set(draft.nodes.map((node) => node.id));
  for (const { source, target } of draft.edges) {
    if (known.has(source) && known.has(target)) graph.setEdge(source, target);
  }
  dagre.layout(graph);
  return fromOrigin(
    draft.nodes.map(({ id }) => {
      const { x, y } = graph.node(id);
      return [id, [x - NODE_WIDTH / 2, y - NODE_HEIGHT / 2]];
    }),
  );
}

/** Rows by longest path; within a row, near the mean of what feeds each layer. */
function byRank(draft: Draft): Record<string, Point> {
  const { heading } = draft;
  const { before } = flowOf(draft);
  const rows: string[][] = [];
  for (const [id, rank] of ranksOf(draft)) {
    rows[rank] ??= [];
    rows[rank].push(id);
  }
  const across = new Map<string, number>();
  for (const row of rows) {
    const wish = (id: string) => {
      const sources = (before.get(id) ?? []).map((source) => across.get(source) ?? 0);
      return sources.reduce((sum, place) => sum + place, 0) / Math.max(1, sources.length);
    };
    const sorted = row.map((id) => ({ id, wish: wish(id) })).sort((a, b) => a.wish - b.wish);
    const centre = sorted.reduce((sum, item) => sum + item.wish, 0) / sorted.length;
    sorted.forEach(({ id }, index) => {
      across.set(id, centre + (index - (sorted.length - 1) / 2) * GAP[heading]);
    });
  }
  return fromOrigin(
    rows.flatMap((row, rank) =>
      row.map((id): [string, Point] => [
        id,
        join(rank * STEP[heading], across.get(id) ?? 0, heading),
      ]),
    ),
  );
}

function fromOrigin(places: readonly [string, Point][]): Record<string, Point> {
  const left = Math.min(...places.map(([, [x]]) => x));
  const top = Math.min(...places.map(([, [, y]]) => y));
  return Object.fromEntries(
    places.map(([id, [x, y]]) => [id, [Math.round(x - left), Math.round(y - top)] as const]),
  );
}

/** Give a place to every layer that has none; a draft without any places is set out whole. */
export function placed(draft: Draft): Draft {
  const homeless = draft.nodes.filter((node) => !draft.layout[node.id]);
  if (homeless.length === 0) return draft;
  if (homeless.length === draft.nodes.length) return tidy(draft);
  const { before } = flowOf(draft);
  let result = draft;
  for (const { id } of homeless) {
    const source = (before.get(id) ?? [])
      .map((before) => result.layout[before])
      .find((place) => place !== undefined);
    const place = source ? onward(source, draft.heading) : freePlace(result, "end");
    result = { ...result, layout: { ...result.layout, [id]: place } };
  }
  return result;
}
