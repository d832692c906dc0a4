/** The parameters of a block: what its uses may set, and what that sets inside. */
import type { BlockParameter } from "../../api";
import {
  type Block,
  type Blocks,
  type Body,
  blockName,
  type Draft,
  defaultsOf,
  findNode,
  freshId,
  ID,
  type LayerTypes,
  type Outcome,
  refuse,
  sameValue,
  setParams,
} from "../draft";

type Schema = Readonly<Record<string, unknown>>;

/** The value of every parameter: the arguments of a use, else the defaults. */
export function valuesOf(
  block: Body,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(block.parameters ?? {}).map(([name, told]) => [
      name,
      Object.hasOwn(given, name) ? given[name] : told.default,
    ]),
  );
}

/** Which parameter of the open block sets a field of a layer in it; null if none does. */
export function setBy(draft: Body, id: string, field: string, argument?: string): string | null {
  for (const [name, { sets }] of Object.entries(draft.parameters ?? {})) {
    const set = sets.some(
      ([node, parameter, inner]) => node === id && parameter === field && inner === argument,
    );
    if (set) return name;
  }
  return null;
}

/** The field of a layer as JSON Schema; undefined where there is none. */
function fieldOf(
  blocks: Blocks,
  types: LayerTypes,
  body: Body,
  [id = "", field = "", argument]: readonly string[],
): { field: Schema; definitions: Schema } | undefined {
  const node = findNode(body, id);
  if (argument !== undefined) {
    const block = blocks[blockName(types, node) ?? ""];
    const [first] = block?.parameters?.[argument]?.sets ?? [];
    return block && first ? fieldOf(blocks, types, block, first) : undefined;
  }
  const schema = types.get(node?.type ?? "")?.params as
    | { properties?: Record<string, Schema>; $defs?: Schema }
    | undefined;
  const found = schema?.properties?.[field];
  return found && { field: found, definitions: schema?.$defs ?? {} };
}

/** What a use of the block may set, as the JSON Schema of a form. */
export function schemaOf(blocks: Blocks, types: LayerTypes, block: Block): Schema {
  const properties: Record<string, Schema> = {};
  let definitions: Schema = {};
  for (const [name, told] of Object.entries(block.parameters ?? {})) {
    const [first] = told.sets;
    const found = first && fieldOf(blocks, types, block, first);
    properties[name] = { ...found?.field, default: told.default };
    definitions = { ...found?.definitions, ...definitions };
  }
  return { type: "object", properties, $defs: definitions };
}

/** The parameters of the open block that hold the same kind of value as a field. */
export function alike(
  draft: Draft,
  types: LayerTypes,
  target: readonly string[],
): readonly string[] {
  const kind = (other: readonly string[]) => {
    const {
      default: _,
      description: __,
      title: ___,
      ...rest
    } = fieldOf(draft.blocks ?? {}, types, draft, other)?.field ?? {};
    return rest;
  };
  const wanted = kind(target);
  return Object.entries(draft.parameters ?? {}).flatMap(([name, { sets }]) =>
    sets[0] && sameValue(kind(sets[0]), wanted) ? [name] : [],
  );
}

/** What a field of a layer in the open block holds now. */
function valueAt(draft: Draft, types: LayerTypes, target: readonly string[]): unknown {
  const [id = "", field = "", argument] = target;
  const node = findNode(draft, id);
  const params = { ...defaultsOf(types.get(node?.type ?? "")), ...node?.params };
  if (argument === undefined) return params[field];
  const block = draft.blocks?.[blockName(types, node) ?? ""];
  return block && valuesOf(block, params[field] as Record<string, unknown> | undefined)[argument];
}

/** Let a parameter of the open block set a field: a new one, or with `name` one that is there. */
export function expose(
  draft: Draft,
  types: LayerTypes,
  target: readonly string[],
  name?: string,
): { draft: Draft; name: string } {
  const known = draft.parameters ?? {};
  const there = name === undefined ? undefined : known[name];
  const wanted = target.at(-1) ?? "";
  const chosen = there && name ? name : freshId(wanted, new Set(Object.keys(known)));
  const told: BlockParameter = there
    ? { ...there, sets: [...there.sets, [...target]] }
    : { default: valueAt(draft, types, target) ?? null, sets: [[...target]] };
  return { name: chosen, draft: { ...draft, parameters: { ...known, [chosen]: told } } };
}

/** Let fields be set inside again, at the value that the parameter had: all of them, or one. */
export function unexpose(
  draft: Draft,
  types: LayerTypes,
  name: string,
  only?: readonly string[],
): Draft {
  const { [name]: told, ...others } = draft.parameters ?? {};
  if (!told) return draft;
  const kept = only ? told.sets.filter((target) => !sameValue(target, only)) : [];
  const parameters =
    kept.length > 0 ? { ...draft.parameters, [name]: { ...told, sets: kept } } : others;
  let result: Draft = { ...draft, parameters };
  for (const target of told.sets.filter((each) => !kept.includes(each))) {
    const [id = "", field = "", argument] = target;
    const before = findNode(result, id)?.params[field] as object | undefined;
    const value = argument === undefined ? told.default : { ...before, [argument]: told.default };
    result = setParams(result, types, id, { [field]: value });
  }
  return result;
}

export function setDefault(draft: Draft, name: string, value: unknown): Draft {
  const told = draft.parameters?.[name];
  if (!told || sameValue(told.default, value)) return draft;
  return { ...draft, parameters: { ...draft.parameters, [name]: { ...told, default: value } } };
}

/** May a parameter have this name? */
export function judgeName(draft: Body, from: string, to: string): Outcome<object> {
  if (!ID.test(to)) {
    return refuse(
      "A name starts with a small letter and has only small letters, digits and underscores.",
    );
  }
  if (from !== to && Object.hasOwn(draft.parameters ?? {}, to)) {
    return refuse(`Another argument of this block is already called ${to}.`);
  }
  return { ok: true };
}
