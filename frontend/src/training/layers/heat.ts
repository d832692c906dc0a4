/** Histograms one after another as columns of a picture: where a layer's numbers lay, over time. */
import type { TensorStatistics } from "../../api";

export interface Range {
  low: number;
  high: number;
}

/** One cell: from `bottom` to `top` of the range (0 to 1), and how full it is (0 to 1). */
export interface Cell {
  bottom: number;
  top: number;
  share: number;
}

type Look = TensorStatistics | null | undefined;

/** What all histograms lie in; null where none has two ends. */
export function rangeOf(looks: readonly Look[]): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const look of looks) {
    if (look?.low == null || look.high == null) continue;
    low = Math.min(low, look.low);
    high = Math.max(high, look.high);
  }
  if (low > high) return null;
  // Numbers that are all the same get a range of their own size around them.
  const room = high > low ? 0 : Math.max(Math.abs(low), 1) / 2;
  return { low: low - room, high: high + room };
}

/** The cells of one look that are not empty, the fullest one with share 1. */
export function column(look: Look, { low, high }: Range): readonly Cell[] {
  const counts = look?.histogram ?? [];
  const fullest = Math.max(0, ...counts);
  if (look?.low == null || look.high == null || fullest === 0) return [];
  const start = look.low;
  const width = (look.high - look.low) / counts.length;
  const place = (value: number) => (value - low) / (high - low);
  return counts.flatMap((count, index) =>
    count === 0
      ? []
      : [
          {
            bottom: place(start + index * width),
            top: place(start + (index + 1) * width),
            share: count / fullest,
          },
        ],
  );
}
