/** The fields of the predict form, from what is known of the dataset's columns. */
import type { Column, Description, Recipe } from "../../api";
import { formatNumber } from "../../ui";

export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

interface Base {
  name: string;
  /** What the field holds at first: the median or the most frequent value. */
  initial: Cell;
  hint: string | null;
}

export interface NumberField extends Base {
  kind: "number";
  whole: boolean;
  low: number | null;
  high: number | null;
}

export interface ChoiceField extends Base {
  kind: "choice";
  choices: string[];
}

export interface TextField extends Base {
  kind: "text";
}

/** Sentences, on several lines. */
export interface LinesField extends Base {
  kind: "lines";
}

export type RowField = NumberField | ChoiceField | TextField | LinesField;

/** The input columns of a run in the order of the data, each as a field. */
export function rowFields(description: Description, recipe: Recipe): RowField[] {
  const inputs = recipe.inputs;
  return (description.columns ?? [])
    .filter((column) =>
      inputs ? inputs.includes(column.name) : column.role === "input" && column.kind !== "empty",
    )
    .map(rowField);
}

function rowField(column: Column): RowField {
  const { name } = column;
  if (column.kind === "number" || column.kind === "integer") {
    const { minimum, maximum, median, mean } = column;
    const whole = column.kind === "integer";
    const middle = median ?? mean ?? null;
    const known = minimum != null && maximum != null;
    return {
      kind: "number",
      name,
      whole,
      low: minimum ?? null,
      high: maximum ?? null,
      initial: middle !== null && whole ? Math.round(middle) : middle,
      hint: known
        ? `In the data: ${formatNumber(minimum)} to ${formatNumber(maximum)}, half of them below ${formatNumber(middle)}`
        : null,
    };
  }
  if (column.categories != null) {
    const initial = mostFrequent(column);
    return { kind: "choice", name, choices: column.categories, initial, hint: null };
  }
  const example = column.examples?.[0] ?? "";
  if (column.kind === "text") return { kind: "lines", name, initial: example, hint: null };
  return { kind: "text", name, initial: example, hint: example ? `For example ${example}` : null };
}

function mostFrequent(column: Column): string | null {
  const known = new Set(column.categories);
  const bins = (column.distribution ?? []).filter((bin) => known.has(bin.label));
  const [first] = bins.sort((a, b) => b.count - a.count);
  return first?.label ?? column.categories?.[0] ?? null;
}

/** What stands in the fields at first. */
export function initialRow(fields: readonly RowField[]): Row {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]));
}

/** A number outside of what the model has seen: its answer there is a guess. */
export function isUnseen(field: RowField, value: Cell | undefined): boolean {
  if (field.kind !== "number" || typeof value !== "number") return false;
  return (field.low !== null && value < field.low) || (field.high !== null && value > field.high);
}
