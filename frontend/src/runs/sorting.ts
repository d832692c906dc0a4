/** The orders of the table of runs. */
import type { RunSummary } from "../api";
import { best, duration } from "./values";

export type SortKey = "number" | "network" | "dataset" | "best" | "duration";

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

type Sortable = string | number | null;

const VALUES: Record<SortKey, (run: RunSummary, now: number) => Sortable> = {
  number: (run) => run.number,
  network: (run) => run.network_name.toLowerCase(),
  dataset: (run) => run.dataset_name.toLowerCase(),
  best: (run) => best(run)?.value ?? null,
  duration,
};

/** Sorted runs; what has no value comes last either way, equals keep the newest first. */
export function sortRuns(
  runs: readonly RunSummary[],
  { key, descending }: Sorting,
  now: number,
): RunSummary[] {
  const sign = descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [VALUES[key](a, now), VALUES[key](b, now)];
    if (x === y) return b.number - a.number;
    if (x === null) return 1;
    if (y === null) return -1;
    return x < y ? -sign : sign;
  });
}

/** Runs with the folds of a cross-validation together, where the first of them stands. */
export function folded(runs: readonly RunSummary[]): RunSummary[][] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const key = run.cross_validation?.id ?? run.id;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}
