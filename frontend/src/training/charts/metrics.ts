/** What the metrics of a run are called and how their values are written. */
import type { Catalog, Recipe } from "../../api";
import { formatNumber, formatPercent } from "../../ui";
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
  recipe: Recipe | undefined,
): MetricInfo {
  if (name === "loss") {
    const loss = catalog?.losses.find((entry) => entry.type === recipe?.loss?.type);
    const hint = loss?.title ?? null;
    return { name, title: "Loss", hint, share: false, format: formatNumber, short };
  }
  const types = catalog?.metrics ?? [];
  const entry = types.find((each) => each.type === splitLabel(name).type);
  const share = entry?.share ?? false;
  return {
    name,
    title: metricTitle(name, types),
    hint: entry?.formula ?? null,
    share,
    format: (value) => (share ? formatPercent(value) : formatNumber(value)),
    short: share ? formatPercent : short,
  };
}

function short(value: number): string {
  return formatNumber(value, 3);
}
