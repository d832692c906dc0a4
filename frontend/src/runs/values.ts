/** What the table says of a run in figures. */
import type { RunSummary } from "../api";
import { formatNumber, formatPercent } from "../ui";

/** A run's best value of the metric that says most about it. */
export interface Best {
  /** "validation accuracy" */
  name: string;
  value: number;
  text: string;
}

const VALIDATION = "val_";

/** The first metric that is not a loss, on validation data where there is any. */
export function best(run: RunSummary): Best | null {
  const values = Object.keys(run.best).length ? run.best : run.values;
  const bare = (key: string) => key.replace(VALIDATION, "");
  const rank = (key: string) =>
    (/(^|_)loss$/.test(key) ? 2 : 0) + (key.startsWith(VALIDATION) ? 0 : 1);
  const known = Object.keys(values).filter((key) => Number.isFinite(values[key]));
  const [key] = known.sort((a, b) => rank(a) - rank(b));
  if (key === undefined) return null;
  const value = values[key] as number;
  const part = key.startsWith(VALIDATION) ? "validation" : "training";
  return {
    name: `${part} ${bare(key).replaceAll("_", " ")}`,
    value,
    text: bare(key).endsWith("accuracy") ? formatPercent(value) : formatNumber(value),
  };
}

/** Seconds from the start to the end, or to now; null before the start. */
export function duration(run: RunSummary, now: number): number | null {
  if (!run.started_at) return null;
  return ((run.ended_at ? Date.parse(run.ended_at) : now) - Date.parse(run.started_at)) / 1000;
}
