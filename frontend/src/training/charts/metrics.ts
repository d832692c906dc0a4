/** What the metrics of a run are called and how their values are written. */
import type { Catalog, Run } from "../../api";
import { formatNumber, formatPercent } from "../../ui";
import { severalOutputs, splitOutput } from "../outputs";
import { metricTitle, splitLabel } from "../recipe/metrics";

export interface MetricInfo {
  name: string;
  title: string;
  /** Explains the title: a formula or a loss's full name. */
  hint: string | null;
  /** A share of something, between 0 and 1. */
  share: boolean;
  format(value: number | null | undefined): string;
  /** In three digits, where there is little room. */
  short(value: number): string;
}

export function metricInfo(
  name: string,
  catalog: Catalog | undefined,
  run: Pick<Run, "recipe" | "outputs"> | undefined,
): MetricInfo {
  const outputs = severalOutputs(run?.outputs);
  const { output, own } = splitOutput(name, outputs);
  // Titles name the column, as people know it, where it tells the Outputs apart.
  const alike = outputs.filter(({ target }) => target === output?.target).length > 1;
  const of = output ? `${alike ? output.node : output.target}: ` : "";
  if (own === "loss") {
    const type = output?.loss.type ?? run?.recipe.loss?.type;
    const loss = catalog?.losses.find((entry) => entry.type === type);
    const whole = outputs.length > 0 && !output;
    const hint = whole ? "Each output's loss times its weight, added up" : (loss?.title ?? null);
    const title = whole ? "Loss, all outputs" : output ? `${of}Loss` : "Loss";
    return { name, title, hint, share: false, format: formatNumber, short };
  }
  const types = catalog?.metrics ?? [];
  const entry = types.find((each) => each.type === splitLabel(own).type);
  const share = entry?.share ?? false;
  return {
    name,
    title: of + metricTitle(own, types),
    hint: entry?.formula ?? null,
    share,
    format: (value) => (share ? formatPercent(value) : formatNumber(value)),
    short: share ? formatPercent : short,
  };
}

function short(value: number): string {
  return formatNumber(value, 3);
}
