/** Fixes: the changes that the server offers with a problem, applied to the user's work. */
import type { Fix } from "../api";
import {
  addNode,
  type Draft,
  findNode,
  freshId,
  idsOf,
  type LayerTypes,
  type Outcome,
  refuse,
  setParams,
} from "./draft";
import { freePlace } from "./insert";
import { setShares } from "./sharing";
import { connect, disconnect, insertOnEdge, removeNodes } from "./wires";
import type { Work } from "./work";

type Change = Fix["changes"][number];

/** Apply all changes of a fix, or none: the reason tells which one no longer fits. */
export function applyFix(work: Work, types: LayerTypes, fix: Fix): Outcome<{ work: Work }> {
  let result = work;
  // A fix may add a layer whose id is taken meanwhile; later changes then mean the fresh id.
  const renamed = new Map<string, string>();
  for (const change of fix.changes) {
    const next = applyChange(result, types, change, renamed);
    if (!next.ok) return next;
    result = next.work;
  }
  return { ok: true, work: result };
}

function applyChange(
  work: Work,
  types: LayerTypes,
  change: Change,
  renamed: Map<string, string>,
): Outcome<{ work: Work }> {
  const draft = work.network;
  const id = (name: string) => renamed.get(name) ?? name;
  const done = (next: Draft): Outcome<{ work: Work }> => ({
    ok: true,
    work: { ...work, network: next },
  });
  const gone = (name: string) =>
    refuse(`This fix no longer fits: the layer ${name} is not there any more.`);

  switch (change.op) {
    case "set_params":
      if (change.block) {
        const block = draft.blocks?.[change.block];
        const node = block && findNode(block, change.node);
        if (!block || !node) return gone(`${change.node} of the block ${change.block}`);
        const params = { ...node.params, ...change.params };
        const nodes = block.nodes.map((each) => (each === node ? { ...each, params } : each));
        return done({ ...draft, blocks: { ...draft.blocks, [change.block]: { ...block, nodes } } });
      }
      if (!findNode(draft, id(change.node))) return gone(change.node);
      return done(setParams(draft, types, id(change.node), change.params));
    case "insert_node": {
      const edge = draft.edges.find(
        (wire) => wire.source === id(change.source) && wire.target === id(change.target),
      );
      if (!edge) {
        return refuse(
          `This fix no longer fits: there is no wire from ${change.source} to ${change.target}.`,
        );
      }
      const inserted = insertOnEdge(draft, types, change.type, edge, change.params ?? {});
      return inserted.ok ? done(inserted.draft) : inserted;
    }
    case "remove_node":
      if (!findNode(draft, id(change.node))) return gone(change.node);
      return done(removeNodes(draft, types, [id(change.node)]));
    case "add_node": {
      const fresh = freshId(change.id, idsOf(draft));
      renamed.set(change.id, fresh);
      const declared = types.get(change.type);
      const side = declared?.inputs.maximum === 0 ? "start" : "end";
      const added = addNode(draft, change.type, undefined, change.params ?? {});
      return done({
        ...added.draft,
        nodes: added.draft.nodes.map((node) =>
          node.id === added.id ? { ...node, id: fresh } : node,
        ),
        layout: { ...draft.layout, [fresh]: freePlace(draft, side) },
      });
    }
    case "add_edge": {
      const wired = connect(
        draft,
        types,
        id(change.source),
        id(change.target),
        change.port,
        change.output,
      );
      return wired.ok ? done(wired.draft) : wired;
    }
    case "remove_edge":
      return done(
        disconnect(
          draft,
          types,
          draft.edges.filter(
            (wire) =>
              wire.source === id(change.source) &&
              wire.target === id(change.target) &&
              (!change.port || wire.port === change.port) &&
              (!change.output || wire.output === change.output),
          ),
        ),
      );
    case "set_shares":
      if (!findNode(draft, id(change.node))) return gone(change.node);
      return done(setShares(draft, id(change.node), change.shares ? id(change.shares) : null));
    case "set_recipe":
      return { ok: true, work: { ...work, recipe: { ...work.recipe, ...change.values } } };
  }
}
