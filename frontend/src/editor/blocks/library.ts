/** Blocks that go from one document to another. */
import {
  type Block,
  type Blocks,
  type Body,
  type Draft,
  freshId,
  type Params,
  sameValue,
} from "../draft";

/** The name of the block that a layer is made of. Any layer that names one counts. */
function named(params: Readonly<Record<string, unknown>>): string | null {
  return typeof params.block === "string" ? params.block : null;
}

/** Of some blocks, those that layers are made of, and those in these. */
export function heldBlocks(blocks: Blocks, nodes: Body["nodes"]): Blocks {
  const held: Record<string, Block> = {};
  const waiting = [...nodes];
  for (const { params } of waiting) {
    const name = named(params) ?? "";
    const block = blocks[name];
    if (!block || held[name]) continue;
    held[name] = block;
    waiting.push(...block.nodes);
  }
  return held;
}

/** A draft with the blocks that a layer from another document is made of, and its parameters here. */
export function broughtIn(
  draft: Draft,
  params: Params,
  blocks: Blocks,
): { draft: Draft; params: Params } {
  const use = { id: "use", type: "", params };
  const part: Draft = { ...draft, nodes: [use], edges: [], layout: {}, blocks };
  const brought = withBlocks(part, draft.blocks ?? {});
  return {
    draft: { ...draft, blocks: brought.blocks },
    params: brought.part.nodes[0]?.params ?? params,
  };
}

/**
 * A part of another document with its blocks beside those that are there. One that is there already,
 * with all that it holds, is used; one that only has the same name gets another.
 */
export function withBlocks(part: Draft, there: Blocks): { part: Draft; blocks: Blocks } {
  const names = new Map<string, string>();
  const taken = new Set(Object.keys(there));
  for (const name of Object.keys(part.blocks ?? {})) {
    const use = [{ id: "", type: "", params: { block: name } }];
    const alike = sameValue(heldBlocks(there, use), heldBlocks(part.blocks ?? {}, use));
    const fresh = alike ? name : freshId(name, taken);
    taken.add(fresh);
    names.set(name, fresh);
  }
  const renamed = <Kind extends Body>(body: Kind): Kind => ({
    ...body,
    nodes: body.nodes.map((node) => {
      const name = names.get(named(node.params) ?? "");
      return name === undefined ? node : { ...node, params: { ...node.params, block: name } };
    }),
  });
  const blocks: Record<string, Block> = { ...there };
  for (const [name, block] of Object.entries(part.blocks ?? {})) {
    blocks[names.get(name) ?? name] = renamed(block);
  }
  return { part: renamed(part), blocks };
}
