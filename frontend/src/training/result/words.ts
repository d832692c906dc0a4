/** An evaluation in plain words, with the data's own names. */
import type { Column, Dataset, Evaluation } from "../../api";
import { formatCount, formatNumber, formatPercent } from "../../ui";
import { noun } from "../states";

export interface Verdict {
  headline: string;
  comparison: string | null;
  /** Better than the baseline; null where it cannot be said. */
  better: boolean | null;
}

const SEEN: Record<Evaluation["split"], string> = {
  test: "it has never seen",
  validation: "that judged its epochs but did not train it",
  train: "it was trained on",
};

export function verdict(
  evaluation: Evaluation,
  target: string,
  dataset: Pick<Dataset, "kind" | "description"> | undefined,
): Verdict {
  const rows = `${formatCount(evaluation.rows)} ${noun(dataset?.kind)} ${SEEN[evaluation.split]}`;
  if (evaluation.confusion) return ofClasses(evaluation, rows, target, dataset);
  return evaluation.classes ? ofLabels(evaluation, rows) : ofNumbers(evaluation, rows, target);
}

/** "All labels right on 41 of 60 images it has never seen: 68%." */
function ofLabels({ metrics, baseline, rows: count }: Evaluation, rows: string): Verdict {
  const { subset_accuracy: all, macro_f1: f1, loss } = metrics;
  const exact = all == null ? null : Math.round(all * count);
  const found = f1 == null ? "" : ` Mean F1 score of the labels: ${formatPercent(f1, 0)}.`;
  const trivial = baseline.subset_accuracy;
  return {
    headline:
      exact === null
        ? `Judged on ${rows}.${found}`
        : `All labels right on ${formatCount(exact)} of ${rows}: ${formatPercent(all)}.${found}`,
    comparison:
      trivial === undefined
        ? null
        : `Always saying the labels that most have: ${formatPercent(trivial)} all right, F1 ${formatPercent(baseline.macro_f1, 0)}.`,
    // Labels that are rare are said seldom before they are said rightly: the loss tells earlier.
    better: loss == null || baseline.loss === undefined ? null : loss < baseline.loss,
  };
}

function ofClasses(
  evaluation: Evaluation,
  rows: string,
  target: string,
  dataset: Pick<Dataset, "description"> | undefined,
): Verdict {
  const confusion = evaluation.confusion ?? [];
  const right = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const share = evaluation.rows > 0 ? right / evaluation.rows : null;
  const chance = evaluation.baseline.accuracy ?? null;
  const common = mostFrequent(evaluation, target, dataset);
  return {
    headline: `Right on ${formatCount(right)} of ${rows}: ${formatPercent(share)}.`,
    comparison:
      chance === null
        ? null
        : `Always saying ${common ? `“${common}”` : "the most frequent class"}: ${formatPercent(chance)}.`,
    better: share === null || chance === null ? null : share > chance,
  };
}

/**
 * The class that a model without learning would always give: of those whose share in this part is
 * the baseline's, the one that is most frequent in the data. Null when no class has that share.
 */
function mostFrequent(
  { confusion, classes, rows, baseline }: Evaluation,
  name: string,
  dataset: Pick<Dataset, "description"> | undefined,
): string | null {
  const frequency = new Map<string, number>();
  const { description } = dataset ?? {};
  for (const { name, count } of description?.classes ?? []) frequency.set(name, count);
  const target = description?.columns?.find((column: Column) => column.name === name);
  for (const { label, count } of target?.distribution ?? []) frequency.set(label, count);
  const fitting = (classes ?? []).filter((_, i) => {
    const support = (confusion?.[i] ?? []).reduce((sum, count) => sum + count, 0);
    return Math.abs(support / rows - (baseline.accuracy ?? -1)) < 0.5 / rows;
  });
  fitting.sort((a, b) => (frequency.get(b) ?? 0) - (frequency.get(a) ?? 0));
  return fitting[0] ?? null;
}

function ofNumbers(evaluation: Evaluation, rows: string, target: string): Verdict {
  const { metrics, baseline } = evaluation;
  const { mae, r2 } = metrics;
  const last = evaluation.persistence?.mae;
  const known = mae !== null && mae !== undefined;
  const explained =
    r2 === null || r2 === undefined || r2 < 0
      ? ""
      : ` It explains ${formatPercent(r2, 0)} of the variation.`;
  return {
    headline: known
      ? `Off by ${formatNumber(mae, 3)} on average when telling “${target}” of ${rows}.${explained}`
      : `Judged on ${rows}.${explained}`,
    comparison:
      baseline.mae === undefined
        ? null
        : `${last === undefined ? "" : `Always saying the last value: off by ${formatNumber(last, 3)}. `}Always saying the mean: off by ${formatNumber(baseline.mae, 3)}.`,
    better:
      known && baseline.mae !== undefined
        ? mae < Math.min(baseline.mae, last ?? Number.POSITIVE_INFINITY)
        : null,
  };
}
