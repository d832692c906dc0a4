/** The metrics of a recipe: each by its name, or with parameters that are not the usual ones. */
import type { Catalog, Objective, Recipe } from "../../api";
import { type RunOutput, splitOutput, valuesOf } from "../outputs";
import { ownParams } from "./choices";

export type MetricEntry = NonNullable<Recipe["metrics"]>[number];
export type MetricType = Catalog["metrics"][number];

export function metricType(entry: MetricEntry): string {
  return typeof entry === "string" ? entry : entry.type;
}

/** What a metric's values are called in a run: "precision", "precision(threshold=0.9)". */
export function metricLabel(entry: MetricEntry, types: readonly MetricType[]): string {
  if (typeof entry === "string") return entry;
  const own = ownParams(entry, types.find((each) => each.type === entry.type)?.params);
  const shown = Object.entries(own).map(([name, value]) => `${name}=${inLabel(value)}`);
  return shown.length > 0 ? `${entry.type}(${shown.join(", ")})` : entry.type;
}

export function metricLabels(recipe: Recipe, types: readonly MetricType[]): string[] {
  return (recipe.metrics ?? []).map((entry) => metricLabel(entry, types));
}

/** "precision(threshold=0.9)" → its type, and what is said of its parameters. */
export function splitLabel(label: string): { type: string; params: string | null } {
  const open = label.indexOf("(");
  if (open < 0) return { type: label, params: null };
  return { type: label.slice(0, open), params: label.slice(open + 1, -1) };
}

/** "precision(threshold=0.9)" → "Precision (threshold 0.9)" */
export function metricTitle(label: string, types: readonly MetricType[]): string {
  const { type, params } = splitLabel(label);
  const title = types.find((each) => each.type === type)?.title ?? type;
  return params === null ? title : `${title} (${params.replaceAll("=", " ")})`;
}

/** What a run reports of an epoch, by the names that may be watched, with what each is. */
export function watchable(
  recipe: Recipe,
  types: readonly MetricType[],
  outputs: readonly RunOutput[],
): { value: string; label: string }[] {
  const own = outputs.length > 0 ? valuesOf(outputs) : metricLabels(recipe, types);
  const title = (name: string) => {
    const { output, own } = splitOutput(name, outputs);
    return output ? `${output.node}, ${metricTitle(own, types)}` : metricTitle(own, types);
  };
  return ["loss", ...own].flatMap((name) => {
    const trained = { value: name, label: `Training: ${title(name)}` };
    if (recipe.split?.validation === 0) return [trained];
    return [{ value: `val_${name}`, label: `Validation: ${title(name)}` }, trained];
  });
}

/** A metric with these parameters: just its name where none is unusual. */
export function withParams(type: string, own: Record<string, unknown>): MetricEntry {
  return Object.keys(own).length > 0 ? ({ type, ...own } as Objective) : type;
}

function inLabel(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(12)));
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
