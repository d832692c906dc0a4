/** What changed from one network, or one inside of a block, to another, in words. */
import { type PictureMark, showValue } from "../../ui";
import {
  type Body,
  type DraftNode,
  defaultsOf,
  findNode,
  type LayerTypes,
  nodeName,
  sameValue,
} from "../draft";

export interface LayerDifference {
  readonly sentences: readonly string[];
  /** The layers that are not alike in both. */
  readonly marks: Readonly<Record<string, PictureMark>>;
}

/** Layers that were added, changed or removed. */
export function layers(before: Body, after: Body, types: LayerTypes): LayerDifference {
  const marks: Record<string, PictureMark> = {};
  const sentences: string[] = [];
  for (const node of after.nodes) {
    const old = findNode(before, node.id);
    const told = old ? changes(old, node, types) : [`Added ${called(node, types)}.`];
    if (told.length > 0) marks[node.id] = old ? "changed" : "added";
    sentences.push(...told);
  }
  for (const node of before.nodes) {
    if (findNode(after, node.id)) continue;
    marks[node.id] = "removed";
    sentences.push(`Removed ${called(node, types)}.`);
  }
  return { sentences, marks };
}

/** How many layers stand elsewhere, as a sentence. */
export function moves(before: Body, after: Body): string[] {
  const moved = after.nodes.filter(({ id }) => {
    const [from, to] = [before.layout[id], after.layout[id]];
    return from && to && (from[0] !== to[0] || from[1] !== to[1]);
  });
  if (moved.length === 0) return [];
  return [`Moved ${moved.length === 1 ? "one layer" : `${moved.length} layers`}.`];
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
export function fields(before: Record<string, unknown>, after: Record<string, unknown>): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !sameValue(before[name] ?? null, after[name] ?? null))
    .map(
      (name) =>
        `${name.replaceAll("_", " ")} ${showValue(before[name])} → ${showValue(after[name])}`,
    )
    .join(", ");
}

/** Wires between layers that are in both; those of others go without saying. */
export function wires(before: Body, after: Body): string[] {
  const inBoth = (id: string) =>
    findNode(before, id) !== undefined && findNode(after, id) !== undefined;
  const pairs = (body: Body) =>
    body.edges
      .filter(({ source, target }) => inBoth(source) && inBoth(target))
      .map(({ source, target, port }) => `${source} → ${target}${port ? ` (${port})` : ""}`);
  const [old, now] = [pairs(before), pairs(after)];
  const told = [
    ...now.filter((wire) => !old.includes(wire)).map((wire) => `Connected ${wire}.`),
    ...old.filter((wire) => !now.includes(wire)).map((wire) => `Cut ${wire}.`),
  ];
  for (const { id } of after.nodes) {
    const order = (body: Body) =>
      body.edges.filter(({ target }) => target === id).map(({ source }) => source);
    const [from, to] = [order(before), order(after)];
    if (from.join() !== to.join() && sameValue([...from].sort(), [...to].sort())) {
      told.push(`${id} takes ${to.join(", ")} in this order instead of ${from.join(", ")}.`);
    }
  }
  return told;
}
