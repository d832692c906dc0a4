/** What changed from one state of the work to another, in words. */
import type { Recipe } from "../../api";
import { type PictureMark, showValue } from "../../ui";
import { type LayerTypes, sameValue } from "../draft";
import type { Work } from "../work";
import { type BlockDifference, blockDifferences, usesOfChanged } from "./blocks";
import { fields, layers, moves, wires } from "./layers";

export interface Difference {
  /** One sentence each, the network first. */
  readonly sentences: readonly string[];
  /** What changed inside of blocks that are in both. */
  readonly blocks: readonly BlockDifference[];
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
  const [old, now] = [before.network, after.network];
  const told = layers(old, now, types);
  const blocks = blockDifferences(old.blocks ?? {}, now.blocks ?? {}, types);
  const sentences = [
    ...(old.name === now.name ? [] : [`Named “${now.name}” instead of “${old.name}”.`]),
    ...told.sentences,
    ...wires(old, now),
    ...(before.datasetId === after.datasetId
      ? []
      : [`Data: ${datasetName(before.datasetId)} → ${datasetName(after.datasetId)}.`]),
    ...recipe(before.recipe, after.recipe),
    ...moves(old, now),
  ];
  return { sentences, blocks, marks: { ...usesOfChanged(now, blocks), ...told.marks } };
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
