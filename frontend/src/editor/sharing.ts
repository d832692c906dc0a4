/** Layers that compute with the weights of another one. */
import { duplicateNodes } from "./clipboard";
import {
  type Draft,
  findNode,
  type LayerTypes,
  lender,
  moveNodes,
  nodeName,
  type Outcome,
  refuse,
  replaceNode,
} from "./draft";
import { GAP, type Point } from "./places";

/** Let a layer share the weights of another, or with null have its own. */
export function setShares(draft: Draft, id: string, shares: string | null): Draft {
  return replaceNode(draft, id, ({ shares: _, ...node }) => (shares ? { ...node, shares } : node));
}

/** Let a layer have weights of its own, with the parameters that it had by sharing. */
export function ownWeights(draft: Draft, id: string): Draft {
  const node = findNode(draft, id);
  if (!node?.shares) return draft;
  const params = lender(draft, node)?.params ?? {};
  return replaceNode(draft, id, ({ shares: _, ...own }) => ({ ...own, params }));
}

const groups = new WeakMap<Draft["nodes"], ReadonlyMap<string, readonly string[]>>();

/** The layers that compute with the same weights as this one, itself included; none if it is alone. */
export function sharers(draft: Draft, id: string): readonly string[] | undefined {
  let known = groups.get(draft.nodes);
  if (!known) {
    const found = new Map<string, string[]>();
    for (const node of draft.nodes) {
      const own = node.shares && lender(draft, node)?.id;
      if (!own) continue;
      const together = found.get(own) ?? [own];
      together.push(node.id);
      for (const each of [own, node.id]) found.set(each, together);
    }
    known = found;
    groups.set(draft.nodes, known);
  }
  return known.get(id);
}

/** A second copy of layers beside the first, computing with the weights of these. */
export function duplicateShared(
  draft: Draft,
  types: LayerTypes,
  ids: readonly string[],
): Outcome<{ draft: Draft; ids: string[] }> {
  const chosen = draft.nodes.filter(({ id }) => ids.includes(id));
  if (chosen.length === 0) return refuse("Select the layers to duplicate first.");
  const end = chosen.find(({ type }) =>
    ["input", "output"].includes(types.get(type)?.role ?? "layer"),
  );
  if (end) return refuse(`${nodeName(end)} has no weights to share. Leave it out.`);
  const copied = duplicateNodes(draft, ids);
  const aside: Point = draft.heading === "down" ? [GAP.down, 0] : [0, GAP.right];
  const places = copied.ids.map((id, index): [string, Point] => {
    const [x, y] = draft.layout[chosen[index]?.id ?? ""] ?? [0, 0];
    return [id, [x + aside[0], y + aside[1]]];
  });
  const shared = copied.ids.reduce(
    (rest, id, index) => {
      const own = lender(draft, chosen[index]);
      return replaceNode(rest, id, (node) => ({ ...node, params: {}, shares: own?.id }));
    },
    moveNodes(copied.draft, Object.fromEntries(places)),
  );
  return { ok: true, draft: shared, ids: copied.ids };
}

/** Before a layer goes: the first of those that share its weights keeps them, for all others. */
export function bequeath(draft: Draft, id: string): Draft {
  const gone = findNode(draft, id);
  const [heir] = draft.nodes.filter(({ shares }) => shares === id);
  if (!gone || !heir) return draft;
  const nodes = draft.nodes.map((node) => {
    if (node === heir) {
      const { shares: _, ...own } = { ...node, params: gone.params };
      return gone.shares ? { ...own, shares: gone.shares } : own;
    }
    return node.shares === id ? { ...node, shares: heir.id } : node;
  });
  return { ...draft, nodes };
}
