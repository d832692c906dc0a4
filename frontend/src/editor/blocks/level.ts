/** What is on the canvas: the network, or the inside of the block that is open. */
import {
  type Block,
  type Blocks,
  type Body,
  blockName,
  type Draft,
  heldBy,
  type LayerTypes,
} from "../draft";
import { headingOf } from "../places";
import { mend } from "./uses";

/** From the network inwards, the layer that was opened on each level. */
export type Inside = readonly string[];

export interface Opened {
  /** The use that was opened. */
  readonly node: string;
  /** The name of the block. */
  readonly block: string;
}

/** The blocks that are open, from the outermost; it ends before a use that is not there any more. */
export function opened(network: Draft, types: LayerTypes, inside: Inside): readonly Opened[] {
  const found: Opened[] = [];
  let body: Body = network;
  for (const id of inside) {
    const name = heldBy(body, types, id);
    const block = name === null ? undefined : network.blocks?.[name];
    if (name === null || !block) break;
    found.push({ node: id, block: name });
    body = block;
  }
  return found;
}

/** The inside of a block as a draft, which is edited like any other. */
export function levelOf(network: Draft, types: LayerTypes, inside: Inside): Draft {
  const last = opened(network, types, inside).at(-1);
  return last ? within(network, network.blocks?.[last.block]) : network;
}

function within(network: Draft, block: Block | undefined): Draft {
  if (!block) return network;
  const { nodes, edges, layout, parameters } = block;
  return { ...network, nodes, edges, layout, parameters, heading: headingOf(edges, layout) };
}

/** The network with a changed inside of the open block, and every use of it in accord. */
export function withLevel(network: Draft, types: LayerTypes, inside: Inside, level: Draft): Draft {
  const last = opened(network, types, inside).at(-1);
  const block = last && network.blocks?.[last.block];
  if (!block) return level.blocks === network.blocks ? level : mend(level, network, types);
  const { nodes, edges, layout, parameters, name } = level;
  const changed = { ...block, nodes, edges, layout, parameters };
  const blocks = { ...level.blocks, [last.block]: changed };
  return mend({ ...network, name, blocks }, network, types);
}

/** The way to a block: to the first use of it that is found, the nearest first. */
export function wayTo(network: Draft, types: LayerTypes, name: string): Inside | null {
  const waiting: { inside: Inside; nodes: Draft["nodes"] }[] = [
    { inside: [], nodes: network.nodes },
  ];
  const seen = new Set<string>();
  for (const { inside, nodes } of waiting) {
    for (const node of nodes) {
      const found = blockName(types, node);
      if (found === null || seen.has(found)) continue;
      seen.add(found);
      if (found === name) return [...inside, node.id];
      const block = network.blocks?.[found];
      if (block) waiting.push({ inside: [...inside, node.id], nodes: block.nodes });
    }
  }
  return null;
}

/** The blocks that may stand in the open one, by name: not those that hold it. */
export function usable(blocks: Blocks, types: LayerTypes, open: string | null): readonly string[] {
  const holds = (name: string, seen: Set<string>): boolean => {
    if (name === open) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return (blocks[name]?.nodes ?? []).some((node) => {
      const inner = blockName(types, node);
      return inner !== null && holds(inner, seen);
    });
  };
  return Object.keys(blocks).filter((name) => !holds(name, new Set()));
}
