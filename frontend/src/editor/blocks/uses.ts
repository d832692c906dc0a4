/** Every use of a block in accord with what the block is now: its ends, its parameters, its name. */
import {
  type Block,
  type Blocks,
  type Body,
  blockName,
  type Draft,
  type DraftNode,
  findNode,
  freshId,
  heldBy,
  type LayerTypes,
  retargeted,
} from "../draft";
import { endsOf } from "../ports";

/** The draft with a change made to every body: to the network and to each block. */
function everywhere(draft: Draft, change: <Kind extends Body>(body: Kind) => Kind): Draft {
  const { blocks, ...network } = change(draft);
  if (!blocks) return network;
  const changed = Object.entries(blocks).map(([name, block]) => [name, change(block)] as const);
  return { ...network, blocks: Object.fromEntries(changed) };
}

/** How many layers are made of a block, in the network and in its other blocks. */
export function usesOf(network: Draft, types: LayerTypes, name: string): number {
  const bodies = [network, ...Object.values(network.blocks ?? {})];
  return bodies.flatMap(({ nodes }) => nodes).filter((node) => blockName(types, node) === name)
    .length;
}

/** The blocks that the network does not reach, by name. */
export function unused(network: Draft, types: LayerTypes): readonly string[] {
  const reached = new Set<string>();
  const waiting = [...network.nodes];
  for (const node of waiting) {
    const name = blockName(types, node);
    if (name === null || reached.has(name)) continue;
    reached.add(name);
    waiting.push(...(network.blocks?.[name]?.nodes ?? []));
  }
  return Object.keys(network.blocks ?? {}).filter((name) => !reached.has(name));
}

/**
 * After blocks changed: an end that has another name keeps its wires, wires to an end that is gone
 * go too, and so do arguments for parameters that are gone.
 */
export function mend(network: Draft, before: Draft, types: LayerTypes): Draft {
  let result = network;
  for (const [name, block] of Object.entries(network.blocks ?? {})) {
    const old = before.blocks?.[name];
    const end = old && old !== block ? renamedEnd(old, block, types) : null;
    if (end) result = everywhere(result, (body) => withEnd(body, types, name, end));
  }
  for (;;) {
    const blocks = result.blocks ?? {};
    const next = everywhere(result, (body) => pruned(body, types, blocks));
    if (JSON.stringify(next) === JSON.stringify(result)) return result;
    result = next;
  }
}

type Renamed = readonly [from: string, to: string];

/** The one input or output that only has another id than before. */
function renamedEnd(old: Block, now: Block, types: LayerTypes): Renamed | null {
  if (old.nodes.length !== now.nodes.length) return null;
  const other = old.nodes.flatMap((node, index): Renamed[] => {
    const next = now.nodes[index];
    return next && next.id !== node.id ? [[node.id, next.id]] : [];
  });
  const [only] = other;
  if (!only || other.length > 1) return null;
  const role = types.get(findNode(old, only[0])?.type ?? "")?.role;
  return role === "input" || role === "output" ? only : null;
}

function withEnd<Kind extends Body>(
  body: Kind,
  types: LayerTypes,
  block: string,
  [from, to]: Renamed,
): Kind {
  const uses = new Set(
    body.nodes.map(({ id }) => id).filter((id) => heldBy(body, types, id) === block),
  );
  if (uses.size === 0) return body;
  const edges = body.edges.map((edge) => ({
    ...edge,
    ...(uses.has(edge.target) && edge.port === from ? { port: to } : {}),
    ...(uses.has(edge.source) && edge.output === from ? { output: to } : {}),
  }));
  return { ...body, edges };
}

/** Without wires to ends that are not there, and without what sets nothing. */
function pruned<Kind extends Body>(body: Kind, types: LayerTypes, blocks: Blocks): Kind {
  const held = (id: string) => blocks[heldBy(body, types, id) ?? ""];
  const edges = body.edges.filter(({ source, target, port, output }) => {
    const [from, to] = [held(source), held(target)];
    if (port && to && !endsOf(to, types, "input").includes(port)) return false;
    return !(output && from && !endsOf(from, types, "output").includes(output));
  });
  const nodes = body.nodes.map((node) => {
    const block = blocks[blockName(types, node) ?? ""];
    return block ? withArguments(node, (name) => (block.parameters?.[name] ? name : null)) : node;
  });
  const parameters = retargeted(body, (target) => {
    const [id = "", , argument] = target;
    const node = findNode(body, id);
    if (!node) return [];
    const block = held(id);
    return argument !== undefined && block && !block.parameters?.[argument] ? [] : [[...target]];
  });
  return { ...body, edges, nodes, ...parameters };
}

/** A use whose arguments have other names; those that have none are gone. */
function withArguments(node: DraftNode, name: (argument: string) => string | null): DraftNode {
  const given = Object.entries((node.params.arguments ?? {}) as Record<string, unknown>);
  const kept = given.flatMap(([key, value]) => {
    const next = name(key);
    return next === null ? [] : [[next, value] as const];
  });
  if (given.length === kept.length && given.every(([key], index) => kept[index]?.[0] === key)) {
    return node;
  }
  const { arguments: _, ...params } = node.params;
  return {
    ...node,
    params: kept.length > 0 ? { ...params, arguments: Object.fromEntries(kept) } : params,
  };
}

/** Give a parameter of a block another name, at every use of it too. */
export function renameParameter(
  network: Draft,
  types: LayerTypes,
  block: string,
  from: string,
  to: string,
): Draft {
  const name = (argument: string) => (argument === from ? to : argument);
  const changed = everywhere(network, (body) => {
    const uses = new Set(
      body.nodes.map(({ id }) => id).filter((id) => heldBy(body, types, id) === block),
    );
    return {
      ...body,
      nodes: body.nodes.map((node) => (uses.has(node.id) ? withArguments(node, name) : node)),
      ...retargeted(body, ([id = "", parameter = "", argument]) =>
        argument !== undefined && uses.has(id)
          ? [[id, parameter, name(argument)]]
          : [[id, parameter, ...(argument === undefined ? [] : [argument])]],
      ),
    };
  });
  const definition = changed.blocks?.[block];
  if (!definition) return changed;
  const parameters = Object.fromEntries(
    Object.entries(definition.parameters ?? {}).map(([key, told]) => [name(key), told]),
  );
  return { ...changed, blocks: { ...changed.blocks, [block]: { ...definition, parameters } } };
}

/** Call a block by a title, which its name in the code follows. */
export function nameBlock(
  network: Draft,
  types: LayerTypes,
  name: string,
  title: string,
): { network: Draft; name: string } {
  const block = network.blocks?.[name];
  const wanted = title.trim().slice(0, 200);
  if (!block || wanted === "" || wanted === block.title) return { network, name };
  const others = new Set(Object.keys(network.blocks ?? {}).filter((other) => other !== name));
  const next = freshId(slug(wanted) ?? name, others);
  const blocks = Object.fromEntries(
    Object.entries(network.blocks ?? {}).map(([key, each]) =>
      key === name ? [next, { ...each, title: wanted }] : [key, each],
    ),
  );
  const renamed = everywhere({ ...network, blocks }, (body) => ({
    ...body,
    nodes: body.nodes.map((node) =>
      blockName(types, node) === name ? { ...node, params: { ...node.params, block: next } } : node,
    ),
  }));
  return { network: renamed, name: next };
}

/** "Residual block 2" → "residual_block_2"; null where nothing of it can be a name. */
function slug(title: string): string | null {
  const words = title
    .normalize("NFKD")
    .replace(/[^\p{ASCII}]+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_\d]+|_+$/g, "")
    .slice(0, 63);
  return words === "" ? null : words;
}
