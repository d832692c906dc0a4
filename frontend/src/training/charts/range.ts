/** How far the axes reach. */
import type { View } from "./frame";

/**
 * The epochs in view. A finished run fills the axis; a running one sees where it is going, yet a
 * long one that may stop early starts with a part and doubles it when it gets there.
 */
export function epochRange(done: number, epochs: number, finished: boolean): View {
  if (finished) return { from: 0, to: Math.max(1, done) };
  let to = Math.min(30, Math.max(1, epochs));
  while (to < done * 1.05 && to < epochs) to = Math.min(epochs, to * 2);
  return { from: 0, to: Math.max(to, done) };
}

/** The values in view, from the lowest and highest that are drawn, with some air. */
export function valueRange(
  low: number,
  high: number,
  options: { log: boolean; share: boolean; baseline: number | null },
): [number, number] {
  const { log, share, baseline } = options;
  let [min, max] = [low, high];
  if (baseline !== null && (!log || baseline > 0)) {
    min = Math.min(min, baseline);
    max = Math.max(max, baseline);
  }
  if (!Number.isFinite(min) || !Number.isFinite(max)) return log ? [0.1, 1] : [0, 1];
  if (log) {
    const lowest = min > 0 ? min : 1e-6;
    return [lowest / 1.25, Math.max(max, lowest * 2) * 1.25];
  }
  if (share && min >= 0 && max <= 1) return [Math.max(0, Math.floor(min * 10 - 0.5) / 10), 1];
  const air = (max - min || Math.abs(max) || 1) * 0.06;
  // A loss lives above zero; an axis that dips below it would suggest otherwise.
  return [min >= 0 ? Math.max(0, min - air) : min - air, max + air];
}
