/** How many rows each part of the data gets. */
import type { Description, Split } from "../../api";

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
