/** A chart in words and in numbers, for those who do not see it and for the clipboard. */
import { formatNumber } from "../../ui";
import type { RunHistory } from "../live/history";
import type { Series } from "../live/series";

export interface EpochRow {
  epoch: number;
  train: number | null;
  validation: number | null;
}

/** One row per epoch; null where there is no value or it was not finite. */
export function epochRows(history: RunHistory, metric: string): EpochRow[] {
  const curves = history.curves.get(metric);
  if (curves === undefined) return [];
  const rows = new Map<number, EpochRow>();
  const fill = (split: "train" | "validation", { x, y, length }: Series) => {
    for (let i = 0; i < length; i += 1) {
      const epoch = x[i] as number;
      const row = rows.get(epoch) ?? { epoch, train: null, validation: null };
      row[split] = Number.isNaN(y[i] as number) ? null : (y[i] as number);
      rows.set(epoch, row);
    }
  };
  fill("train", curves.train.epochs);
  fill("validation", curves.validation.epochs);
  return [...rows.values()].sort((a, b) => a.epoch - b.epoch);
}

/** How many values of a metric were not finite. */
export function countGaps(history: RunHistory, metric: string): number {
  const curves = history.curves.get(metric);
  if (curves === undefined) return 0;
  return curves.train.steps.gaps + curves.train.epochs.gaps + curves.validation.epochs.gaps;
}

/** "Loss. Validation 0.171 at epoch 14, best at epoch 13: 0.169. Training 0.05. Baseline 2.3." */
export function summarize(
  history: RunHistory,
  metric: string,
  title: string,
  baseline: number | null,
  format: (value: number) => string,
): string {
  const curves = history.curves.get(metric);
  const validation = curves?.validation.epochs.last();
  const train = curves?.train.epochs.last() ?? curves?.train.steps.last();
  const best =
    history.bestEpoch === null
      ? null
      : (curves?.validation.epochs.length ? curves.validation : curves?.train)?.epochs.nearest(
          history.bestEpoch,
        );
  const parts = [
    validation && `Validation ${format(validation.y)} at epoch ${validation.x}.`,
    train && `Training ${format(train.y)}.`,
    best != null &&
      !Number.isNaN(best) &&
      `Best epoch ${formatNumber(history.bestEpoch)}: ${format(best)}.`,
    ...history.changes.map(({ text }) => `Changed: ${text}.`),
    baseline !== null && `Baseline ${format(baseline)}.`,
  ].filter(Boolean);
  return `${title}. ${parts.length > 0 ? parts.join(" ") : "No values yet."}`;
}

/** All epochs of all metrics as CSV: `epoch,loss,val_loss,…`, empty where there is no value. */
export function historyCsv(history: RunHistory): string {
  const metrics = [...history.curves.keys()];
  const rows = new Map<number, string[]>();
  metrics.forEach((metric, i) => {
    for (const { epoch, train, validation } of epochRows(history, metric)) {
      const row = rows.get(epoch) ?? new Array<string>(metrics.length * 2).fill("");
      row[i * 2] = train === null ? "" : String(train);
      row[i * 2 + 1] = validation === null ? "" : String(validation);
      rows.set(epoch, row);
    }
  });
  const names = ["epoch", ...metrics.flatMap((metric) => [metric, `val_${metric}`])];
  // The parameters of a metric are listed with commas.
  const header = names.map((name) => (name.includes(",") ? `"${name}"` : name)).join(",");
  const lines = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([epoch, row]) => [epoch, ...row].join(","));
  return `${[header, ...lines].join("\r\n")}\r\n`;
}
