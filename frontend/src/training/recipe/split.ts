/** How many rows each part of the data gets. */
import type { Column, Description, Split } from "../../api";

export interface Parts {
  train: number;
  validation: number;
  test: number;
}

/** About so many rows per part: a stratified split rounds within every class. */
export function parts(rows: number, split: Split): Parts {
  const share = (part: number | undefined) => (part ? Math.max(1, Math.round(rows * part)) : 0);
  const validation = share(split.validation);
  const test = share(split.test);
  return { train: Math.max(0, rows - validation - test), validation, test };
}

/** Rows that can be learned from: those whose target is known. */
export function labelledRows(description: Description, target: string | null | undefined): number {
  const column = description.columns?.find((each) => each.name === target);
  return description.rows - (column?.missing ?? 0);
}

const UNSUITED = new Set(["empty", "constant"]);
const ORDERED = new Set(["number", "integer", "date"]);

/** The columns by which rows can be split so. */
export function splitColumns(
  columns: readonly Column[],
  by: NonNullable<Split["by"]>,
): readonly Column[] {
  if (by === "rows" || by === "given") return [];
  return columns.filter((column) => {
    if (by === "time") return ORDERED.has(column.kind);
    if (by === "column") return column.categories != null;
    return !UNSUITED.has(column.kind);
  });
}

/** The column that is most likely meant: the one of that role, a date, or the only one there is. */
export function likelySplitColumn(
  columns: readonly Column[],
  by: NonNullable<Split["by"]>,
): Column | undefined {
  const known = splitColumns(columns, by);
  return (
    known.find(({ role }) => role === by) ??
    (by === "time" ? known.find(({ kind }) => kind === "date") : undefined) ??
    (known.length === 1 ? known[0] : undefined)
  );
}
