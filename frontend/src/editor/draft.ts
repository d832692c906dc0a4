/** The draft: an architecture with every field present, and the operations on its layers. */
import type { BlockParameter, Catalog, Edge, LayerType } from "../api";
import type { Heading, Layout, Point } from "./places";

export type Params = Readonly<Record<string, unknown>>;

/** A layer of the draft. `params` holds only what differs from the defaults. */
export interface DraftNode {
  readonly id: string;
  readonly type: string;
  readonly params: Params;
  readonly title?: string | null;
  /** The layer whose weights this one computes with. */
  readonly shares?: string | null;
}

/** Layers wired together: a network, or the inside of a block. */
export interface Body {
  readonly nodes: readonly DraftNode[];
  readonly edges: readonly Edge[];
  readonly layout: Layout;
  /** What a use of the block may set, by name; a network has none. */
  readonly parameters?: Readonly<Record<string, BlockParameter>>;
}

/** What layers of role "block" are made of. */
export interface Block extends Body {
  readonly title?: string | null;
  readonly summary?: string | null;
}

export type Blocks = Readonly<Record<string, Block>>;

/** What is on the canvas: the network, or with one of its blocks open the inside of that. */
export interface Draft extends Body {
  readonly format: "neuroloom/1";
  /** Of the network. */
  readonly name: string;
  /** All of the document, by name; absent where there is none. */
  readonly blocks?: Blocks;
  /** Which way it flows on the canvas. Not in the document: the layout carries it. */
  readonly heading: Heading;
}

/** The catalogue's layer types by name. */
export type LayerTypes = ReadonlyMap<string, LayerType>;

/** The layer types that can be added by themselves: a block needs to be made first. */
export function addable(catalog: Catalog): readonly LayerType[] {
  return catalog.layers.filter(({ role }) => role !== "block");
}

/** What an operation that can be refused answers. */
export type Outcome<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly reason: string };

export const refuse = (reason: string) => ({ ok: false, reason }) as const;

export const ID = /^[a-z][a-z0-9_]{0,62}$/;

export function emptyDraft(name = "Untitled"): Draft {
  return { format: "neuroloom/1", name, nodes: [], edges: [], layout: {}, heading: "down" };
}

/** The name of the block that a layer is made of; null if it is none. */
export function blockName(types: LayerTypes, node: DraftNode | undefined): string | null {
  if (!node || types.get(node.type)?.role !== "block") return null;
  return typeof node.params.block === "string" ? node.params.block : null;
}

/** The name of the block that a layer of a body is made of, its own or by sharing weights. */
export function heldBy(body: Body, types: LayerTypes, id: string): string | null {
  return blockName(types, lender(body, findNode(body, id)));
}

/** What a layer holds, if it is a block of the document. */
export function blockOf(draft: Draft, types: LayerTypes, id: string): Block | undefined {
  const name = heldBy(draft, types, id);
  return name === null ? undefined : draft.blocks?.[name];
}

/** The layer whose parameters hold for a layer: the one whose weights it shares, or itself. */
export function lender(draft: Body, node: DraftNode | undefined): DraftNode | undefined {
  const seen = new Set<string>();
  let own = node;
  while (own?.shares && !seen.has(own.id)) {
    seen.add(own.id);
    own = findNode(draft, own.shares);
  }
  return own ?? node;
}

const indexes = new WeakMap<readonly DraftNode[], ReadonlyMap<string, DraftNode>>();

export function findNode(draft: Body, id: string): DraftNode | undefined {
  let index = indexes.get(draft.nodes);
  if (!index) {
    index = new Map(draft.nodes.map((node) => [node.id, node]));
    indexes.set(draft.nodes, index);
  }
  return index.get(id);
}

/** What people call a layer: its title, else its id. */
export function nodeName(node: DraftNode): string {
  return node.title || node.id;
}

/** "TwoWords2D" → "two_words2d", as Keras names its layers. */
export function snakeCase(type: string): string {
  const words = type
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
  return ID.test(words) ? words : "layer";
}

/** An id that no layer has: the wanted one, else with the first free number behind it. */
export function freshId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/_\d+$/, "").slice(0, 56);
  for (let number = 1; ; number += 1) {
    const id = `${stem}_${number}`;
    if (!taken.has(id)) return id;
  }
}

export function idsOf(draft: Body): Set<string> {
  return new Set(draft.nodes.map((node) => node.id));
}

/** Add an unconnected layer; the answer names its id. The use of a block is called like the block. */
export function addNode(
  draft: Draft,
  type: string,
  at?: Point,
  params: Params = {},
): { draft: Draft; id: string } {
  const wanted = typeof params.block === "string" ? params.block : snakeCase(type);
  const id = freshId(wanted, idsOf(draft));
  return {
    id,
    draft: {
      ...draft,
      nodes: [...draft.nodes, { id, type, params }],
      layout: at ? { ...draft.layout, [id]: at } : draft.layout,
    },
  };
}

export function moveNodes(draft: Draft, positions: Readonly<Record<string, Point>>): Draft {
  const moved = Object.entries(positions).filter(([id, [x, y]]) => {
    const old = draft.layout[id];
    return !old || old[0] !== x || old[1] !== y;
  });
  if (moved.length === 0) return draft;
  return { ...draft, layout: { ...draft.layout, ...Object.fromEntries(moved) } };
}

export function replaceNode(
  draft: Draft,
  id: string,
  change: (node: DraftNode) => DraftNode,
): Draft {
  return { ...draft, nodes: draft.nodes.map((node) => (node.id === id ? change(node) : node)) };
}

/** Set parameters; a value of undefined, or one equal to the default, goes back to the default. */
export function setParams(
  draft: Draft,
  types: LayerTypes,
  id: string,
  values: Readonly<Record<string, unknown>>,
): Draft {
  const node = findNode(draft, id);
  if (!node) return draft;
  const defaults = defaultsOf(types.get(node.type));
  const params: Record<string, unknown> = { ...node.params };
  for (const [name, value] of Object.entries(values)) {
    const isDefault = Object.hasOwn(defaults, name) && sameValue(defaults[name], value);
    if (value === undefined || isDefault) delete params[name];
    else params[name] = value;
  }
  return sameValue(params, node.params) ? draft : replaceNode(draft, id, (n) => ({ ...n, params }));
}

export function setTitle(draft: Draft, id: string, title: string): Draft {
  const wanted = title.trim().slice(0, 200) || null;
  const node = findNode(draft, id);
  if (!node || (node.title ?? null) === wanted) return draft;
  return replaceNode(draft, id, (old) => ({ ...old, title: wanted }));
}

/** Give a layer another id, everywhere it is named. */
export function renameNode(draft: Draft, id: string, wanted: string): Outcome<{ draft: Draft }> {
  if (wanted === id) return { ok: true, draft };
  if (!ID.test(wanted)) {
    return refuse(
      "An id starts with a small letter and has only small letters, digits and underscores, 63 at most.",
    );
  }
  if (idsOf(draft).has(wanted)) return refuse(`Another layer is already called ${wanted}.`);
  const name = (old: string) => (old === id ? wanted : old);
  return {
    ok: true,
    draft: {
      ...draft,
      nodes: draft.nodes.map((node) => renamed(node, name)),
      edges: draft.edges.map((edge) => ({
        ...edge,
        source: name(edge.source),
        target: name(edge.target),
      })),
      layout: Object.fromEntries(
        Object.entries(draft.layout).map(([key, value]) => [name(key), value]),
      ),
      ...retargeted(draft, ([node = "", ...rest]) => [[name(node), ...rest]]),
    },
  };
}

/** A layer under another id, and with the id that the layer whose weights it shares has now. */
export function renamed(node: DraftNode, name: (id: string) => string): DraftNode {
  return { ...node, id: name(node.id), ...(node.shares ? { shares: name(node.shares) } : {}) };
}

/**
 * The parameters as a part of an object: each thing that one sets replaced by others. One that sets
 * nothing any more is gone.
 */
export function retargeted(
  { parameters }: Body,
  targets: (target: readonly string[]) => readonly string[][],
): Pick<Body, "parameters"> {
  if (!parameters) return {};
  const kept = Object.entries(parameters)
    .map(([name, told]) => [name, { ...told, sets: told.sets.flatMap(targets) }] as const)
    .filter(([, { sets }]) => sets.length > 0);
  return { parameters: Object.fromEntries(kept) };
}

/** The defaults that a layer type's JSON Schema declares. */
export function defaultsOf(type: LayerType | undefined): Record<string, unknown> {
  const properties = (type?.params as { properties?: Record<string, { default?: unknown }> })
    ?.properties;
  const defaults: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties ?? {})) {
    if ("default" in schema) defaults[name] = schema.default;
  }
  return defaults;
}

/** Equality of JSON values. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => sameValue(value, b[index]));
  }
  if (a && b && typeof a === "object" && typeof b === "object" && !Array.isArray(a)) {
    if (Array.isArray(b)) return false;
    const left = Object.keys(a);
    const right = b as Record<string, unknown>;
    return (
      left.length === Object.keys(right).length &&
      left.every(
        (key) =>
          Object.hasOwn(right, key) && sameValue((a as Record<string, unknown>)[key], right[key]),
      )
    );
  }
  return false;
}
