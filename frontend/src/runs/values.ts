/** What the table says of a run in figures. */
import type { Catalog, RunSummary, Score } from "../api";
import { isActive } from "../api/queries";
import { formatNumber, formatPercent } from "../ui";

/** A run's best value of the metric that says most about it. */
export interface Best {
  key: string;
  /** "validation accuracy" */
  name: string;
  value: number;
  text: string;
}

const VALIDATION = "val_";

type Metrics = Catalog["metrics"];

/** "validation accuracy" for "val_accuracy", with the catalogue's titles where they are known. */
export function metricName(key: string, metrics: Metrics = []): string {
  const part = key.startsWith(VALIDATION) ? "validation" : "training";
  const title = metrics.find(({ type }) => type === bare(key))?.title;
  return `${part} ${title ? withinSentence(title) : bare(key).replaceAll("_", " ")}`;
}

/** "mean absolute error" of "Mean absolute error (MAE)"; "R²" and "AUC" stay as they are. */
function withinSentence(title: string): string {
  const words = title.replace(/ \(.*\)$/, "");
  return /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

export function valueText(key: string, value: number | null | undefined): string {
  if (value == null) return "–";
  return bare(key).endsWith("accuracy") ? formatPercent(value) : formatNumber(value);
}

/** "93.1% ± 2.4%" */
export function spread(key: string, { mean, std }: Pick<Score, "mean" | "std">): string {
  const text = valueText(key, mean);
  return std == null ? text : `${text} ± ${valueText(key, std)}`;
}

/** The mean and the spread of what the folds of a cross-validation reach. */
export function ofFolds(
  runs: readonly RunSummary[],
  metrics?: Metrics,
): { name: string; text: string } | null {
  const found = runs
    .filter((run) => !isActive(run))
    .map((run) => best(run, metrics))
    .filter((each) => each !== null);
  const [first] = found;
  if (!first) return null;
  const values = found.filter(({ key }) => key === first.key).map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const std = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null;
  return { name: first.name, text: spread(first.key, { mean, std }) };
}

function bare(key: string): string {
  return key.replace(VALIDATION, "");
}

/** The first metric that is not a loss, on validation data where there is any. */
export function best(run: RunSummary, metrics?: Metrics): Best | null {
  const values = Object.keys(run.best).length ? run.best : run.values;
  const rank = (key: string) =>
    (/(^|_)loss$/.test(key) ? 2 : 0) + (key.startsWith(VALIDATION) ? 0 : 1);
  const known = Object.keys(values).filter((key) => Number.isFinite(values[key]));
  const [key] = known.sort((a, b) => rank(a) - rank(b));
  if (key === undefined) return null;
  const value = values[key] as number;
  return { key, name: metricName(key, metrics), value, text: valueText(key, value) };
}

/** Seconds from the start to the end, or to now; null before the start. */
export function duration(run: RunSummary, now: number): number | null {
  if (!run.started_at) return null;
  return ((run.ended_at ? Date.parse(run.ended_at) : now) - Date.parse(run.started_at)) / 1000;
}
