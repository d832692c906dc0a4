/** How columns are prepared, in words. */
import type { Column, Treatment, TreatmentOption } from "../api";

export type Field = TreatmentOption["field"];

/** What a column of this kind can have for a field of its treatment. */
export function optionsFor(
  options: readonly TreatmentOption[],
  field: Field,
  kind: Column["kind"],
): TreatmentOption[] {
  return options.filter((option) => option.field === field && option.kinds.includes(kind));
}

/** "Median · robust": what is done with a column, in one line. */
export function treatmentInWords(
  column: Column,
  options: readonly TreatmentOption[],
): string | null {
  const used = column.treatment_in_full;
  if (!used) return null;
  const title = (field: Field, value: string) =>
    options.find((option) => option.field === field && option.value === value)?.title ??
    value.replaceAll("_", " ");
  const words: string[] = [];
  if (used.encoding) words.push(title("encoding", used.encoding));
  if (used.scaling) words.push(title("scaling", used.scaling));
  if (used.tokenizer) {
    words.push(title("tokenizer", used.tokenizer));
    words.push(`first ${used.output_sequence_length}`);
  }
  if (used.parts) words.push(used.parts.map((part) => title("parts", part)).join(", "));
  if (used.missing && (column.missing > 0 || column.treatment?.missing)) {
    const fill = used.missing === "constant" ? String(used.fill_value) : null;
    words.push(fill ?? title("missing", used.missing));
  }
  if (used.indicator) words.push("indicator");
  return words.map((word) => word.toLowerCase()).join(" · ") || "as it is";
}

/** Whether anything of a column's treatment was chosen. */
export function isTreated(column: Column): boolean {
  return Object.values(column.treatment ?? {}).some((value) => value != null && value !== false);
}

/** A treatment without what is not chosen. */
export function chosenOf(treatment: Treatment): Treatment {
  return Object.fromEntries(
    Object.entries(treatment).filter(([, value]) => value !== null && value !== undefined),
  );
}
