/** A calmer copy of a curve, drawn beside it, never instead of it. */
import { Series } from "../live/series";

interface Running {
  weight: number;
  smoothed: Series;
  mean: number;
  share: number;
}

const running = new WeakMap<Series, Running>();

/**
 * The exponential moving average of a series, corrected for its start. Gaps stay gaps.
 *
 * Goes on from the last call for the same series, so a growing curve costs only its new points.
 *
 * @param weight of what was before, 0 (none) to below 1
 */
export function smooth(series: Series, weight: number): Series {
  let state = running.get(series);
  if (state === undefined || state.weight !== weight || rewound(series, state.smoothed)) {
    state = { weight, smoothed: new Series(), mean: 0, share: 0 };
    running.set(series, state);
  }
  for (let i = state.smoothed.length; i < series.length; i += 1) {
    const y = series.y[i] as number;
    if (Number.isNaN(y)) {
      state.smoothed.push(series.x[i] as number, null);
      continue;
    }
    state.mean = weight * state.mean + (1 - weight) * y;
    state.share = weight * state.share + (1 - weight);
    state.smoothed.push(series.x[i] as number, state.mean / state.share);
  }
  return state.smoothed;
}

/** True when the end of the series was replaced since it was smoothed. */
function rewound(series: Series, smoothed: Series): boolean {
  const end = smoothed.length - 1;
  return end >= series.length || (end >= 0 && series.x[end] !== smoothed.x[end]);
}
