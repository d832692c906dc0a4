/** What changed from one state of the work to another, in words. */
import type { Recipe } from "../../api";
import { type PictureMark, showValue } from "../../ui";
import {
  type Draft,
  type DraftNode,
  defaultsOf,
  findNode,
  type LayerTypes,
  nodeName,
  sameValue,
} from "../draft";
import type { Work } from "../work";

export interface Difference {
  /** One sentence each, the network first. */
  readonly sentences: readonly string[];
  /** The layers that are not alike in both. */
  readonly marks: Readonly<Record<string, PictureMark>>;
}

/** `datasetName` gives the name of a dataset by its id. */
export function difference(
  before: Work,
  after: Work,
  types: LayerTypes,
  datasetName: (id: string | null) => string,
): Difference {
  const marks: Record<string, PictureMark> = {};
  const sentences: string[] = [];
  if (before.network.name !== after.network.name) {
    sentences.push(`Named “${after.network.name}” instead of “${before.network.name}”.`);
  }
  for (const node of after.network.nodes) {
    const old = findNode(before.network, node.id);
    const told = old ? changes(old, node, types) : [`Added ${called(node, types)}.`];
    if (told.length > 0) marks[node.id] = old ? "changed" : "added";
    sentences.push(...told);
  }
  for (const node of before.network.nodes) {
    if (findNode(after.network, node.id)) continue;
    marks[node.id] = "removed";
    sentences.push(`Removed ${called(node, types)}.`);
  }
  sentences.push(...wires(before.network, after.network));
  if (before.datasetId !== after.datasetId) {
    sentences.push(`Data: ${datasetName(before.datasetId)} → ${datasetName(after.datasetId)}.`);
  }
  sentences.push(...recipe(before.recipe, after.recipe));
  const moved = after.network.nodes.filter(({ id }) => {
    const [from, to] = [before.network.layout[id], after.network.layout[id]];
    return from && to && (from[0] !== to[0] || from[1] !== to[1]);
  });
  if (moved.length > 0) {
    sentences.push(`Moved ${moved.length === 1 ? "one layer" : `${moved.length} layers`}.`);
  }
  return { sentences, marks };
}

/** "Dense dense_1" */
function called(node: DraftNode, types: LayerTypes): string {
  return `${types.get(node.type)?.title ?? node.type} ${nodeName(node)}`;
}

function changes(before: DraftNode, after: DraftNode, types: LayerTypes): string[] {
  const name = nodeName(after);
  if (before.type !== after.type) {
    const title = (type: string) => types.get(type)?.title ?? type;
    return [`${name} is a ${title(after.type)} instead of a ${title(before.type)}.`];
  }
  const told: string[] = [];
  if ((before.title ?? null) !== (after.title ?? null)) {
    told.push(`${after.id} is titled “${after.title ?? ""}” instead of “${before.title ?? ""}”.`);
  }
  const defaults = defaultsOf(types.get(after.type));
  const changed = fields({ ...defaults, ...before.params }, { ...defaults, ...after.params });
  if (changed) told.push(`${name}: ${changed}.`);
  return told;
}

/** "units 64 → 32, activation relu → tanh"; empty where nothing differs. */
function fields(before: Record<string, unknown>, after: Record<string, unknown>): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !sameValue(before[name] ?? null, after[name] ?? null))
    .map(
      (name) =>
        `${name.replaceAll("_", " ")} ${showValue(before[name])} → ${showValue(after[name])}`,
    )
    .join(", ");
}

/** Wires between layers that are in both; those of others go without saying. */
function wires(before: Draft, after: Draft): string[] {
  const inBoth = (id: string) =>
    findNode(before, id) !== undefined && findNode(after, id) !== undefined;
  const pairs = (draft: Draft) =>
    draft.edges
      .filter(({ source, target }) => inBoth(source) && inBoth(target))
      .map(({ source, target, port }) => `${source} → ${target}${port ? ` (${port})` : ""}`);
  const [old, now] = [pairs(before), pairs(after)];
  const told = [
    ...now.filter((wire) => !old.includes(wire)).map((wire) => `Connected ${wire}.`),
    ...old.filter((wire) => !now.includes(wire)).map((wire) => `Cut ${wire}.`),
  ];
  for (const { id } of after.nodes) {
    const order = (draft: Draft) =>
      draft.edges.filter(({ target }) => target === id).map(({ source }) => source);
    const [from, to] = [order(before), order(after)];
    if (from.join() !== to.join() && sameValue([...from].sort(), [...to].sort())) {
      told.push(`${id} takes ${to.join(", ")} in this order instead of ${from.join(", ")}.`);
    }
  }
  return told;
}

function recipe(before: Recipe, after: Recipe): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Recipe>;
  return [...names].flatMap((name) => {
    const [old, now] = [before[name] ?? null, after[name] ?? null];
    if (sameValue(old, now) || (isEmpty(old) && isEmpty(now))) return [];
    const title = name.replaceAll("_", " ");
    const inner = isRecord(old) && isRecord(now) ? fields(old, now) : "";
    const whole = `${isEmpty(old) ? "proposed" : showValue(old)} → ${isEmpty(now) ? "proposed" : showValue(now)}`;
    return [`Training, ${title}: ${inner || whole}.`];
  });
}

/** A field that leaves its value to the proposal. */
function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
