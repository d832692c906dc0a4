/** Places for layers: the whole network set out top to bottom, or only those without a place. */
import dagre from "@dagrejs/dagre";
import { type Draft, NODE_HEIGHT, NODE_WIDTH, type Point, STEP } from "./draft";
import { flowOf, ranksOf } from "./flow";
import { freePlace } from "./insert";

/** Beyond this dagre gets slow, and on very long chains it overflows the stack. */
const DAGRE_LIMIT = 400;

/** Set out the whole network, top to bottom, starting at (0, 0). */
export function tidy(draft: Draft): Draft {
  if (draft.nodes.length === 0) return draft;
  const layout = draft.nodes.length > DAGRE_LIMIT ? byRank(draft) : byDagre(draft);
  return { ...draft, layout };
}

function byDagre(draft: Draft): Record<string, Point> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 44, ranksep: STEP - NODE_HEIGHT });
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
      return sources.reduce((sum, x) => sum + x, 0) / Math.max(1, sources.length);
    };
    const sorted = row.map((id) => ({ id, wish: wish(id) })).sort((a, b) => a.wish - b.wish);
    const centre = sorted.reduce((sum, item) => sum + item.wish, 0) / sorted.length;
    sorted.forEach(({ id }, index) => {
      across.set(id, centre + (index - (sorted.length - 1) / 2) * (NODE_WIDTH + 44));
    });
  }
  return fromOrigin(
    rows.flatMap((row, rank) =>
      row.map((id): [string, Point] => [id, [across.get(id) ?? 0, rank * STEP]]),
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
    const above = (before.get(id) ?? [])
      .map((source) => result.layout[source])
      .find((place) => place !== undefined);
    const place: Point = above ? [above[0], above[1] + STEP] : freePlace(result, "bottom");
    result = { ...result, layout: { ...result.layout, [id]: place } };
  }
  return result;
}
