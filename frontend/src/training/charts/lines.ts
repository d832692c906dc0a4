/** Which lines the chart of one metric has. */
import type { Band, RunHistory } from "../live/history";
import type { Series } from "../live/series";
import { smooth } from "./smooth";

export interface Line {
  key: string;
  /** What the legend calls it; lines without a label accompany one that has it. */
  label: string | null;
  series: Series;
  /** How far what it leaves out reached. */
  band?: Band;
  /** Epochs per unit of the series's x. */
  unit: number;
  /** Name of the design token with its colour. */
  color: string;
  opacity: number;
  width: number;
  dash?: number[];
}

export interface Overlay {
  label: string;
  history: RunHistory;
}

const FAINT = 0.32;

/**
 * The lines of a metric, those drawn first coming first: every step's training value (while steps
 * are finer than epochs), another run's validation, training and validation by epoch.
 */
export function linesOf(
  history: RunHistory,
  metric: string,
  smoothing: number,
  overlay: Overlay | null = null,
): Line[] {
  const curves = history.curves.get(metric);
  const lines: Line[] = [];
  if (curves !== undefined) {
    const { steps, epochs, stepBand: band } = curves.train;
    const perStep = history.epochOfStep(1);
    if (perStep !== null && steps.length > epochs.length) {
      lines.push({ ...line("train-steps", null, steps, "--curve-train", 1), band, unit: perStep });
    }
    if (epochs.length > 0) {
      const { epochBand } = curves.train;
      lines.push({ ...line("train", "train", epochs, "--curve-train", 1.5), band: epochBand });
    }
  }
  const other = overlay?.history.curves.get(metric);
  if (overlay && other) {
    const compared = other.validation.epochs.length ? other.validation : other.train;
    lines.push({ ...line("overlay", overlay.label, compared.epochs, "--warn", 1.5), dash: [6, 3] });
  }
  if (curves !== undefined) {
    const { steps, epochs, epochBand: band } = curves.validation;
    const perStep = history.epochOfStep(1);
    if (perStep !== null && steps.length > epochs.length) {
      const validation = line("validation", "validation", steps, "--curve-validation", 2);
      lines.push({ ...validation, unit: perStep });
    } else if (epochs.length > 0) {
      lines.push({ ...line("validation", "validation", epochs, "--curve-validation", 2), band });
    }
  }
  for (const each of lines) if (each.key === "train-steps") each.opacity = 0.5;
  return smoothing > 0 ? withSmoothed(lines, smoothing) : lines;
}

function line(
  key: string,
  label: string | null,
  series: Series,
  color: string,
  width: number,
): Line {
  return { key, label, series, unit: 1, color, opacity: 1, width };
}

function withSmoothed(lines: Line[], smoothing: number): Line[] {
  const raw = lines.map((each) => ({ ...each, opacity: each.opacity * FAINT, width: 1 }));
  const calm = lines
    .filter((each) => each.label !== null || lines.length === 1)
    .map((each) => ({
      ...each,
      key: `${each.key}-smoothed`,
      label: null,
      band: undefined,
      series: smooth(each.series, smoothing),
    }));
  return [...raw, ...calm];
}
