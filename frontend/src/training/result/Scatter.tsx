/** Predicted against true values, and how far off each prediction is. */
import type { Pair } from "../../api";
import { formatNumber } from "../../ui";
import { Plane } from "./Plane";

export interface PairsProps {
  pairs: readonly Pair[];
  target: string;
}

/** On the diagonal, the prediction was right. */
export function Scatter({ pairs, target }: PairsProps) {
  if (pairs.length === 0) return null;
  const values = pairs.flatMap(({ expected, predicted }) => [expected, predicted]);
  const low = Math.min(...values);
  const high = Math.max(...values);
  return (
    <figure>
      <figcaption className="pb-1 text-xs font-semibold">Predicted against true</figcaption>
      <Plane
        label={`Predicted against true ${target} for ${pairs.length} examples, from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`}
        x={{ title: `true ${target}`, low, high }}
        y={{ title: "predicted", low, high }}
        right={[
          [low, low],
          [high, high],
        ]}
        points={pairs.map(({ row, expected, predicted }) => ({
          key: row,
          x: expected,
          y: predicted,
          title: told(expected, predicted),
        }))}
      />
    </figure>
  );
}

/** Around the line of zero without a pattern, what can be learnt was learnt. */
export function Residuals({ pairs, target }: PairsProps) {
  if (pairs.length === 0) return null;
  const predictions = pairs.map(({ predicted }) => predicted);
  const most = Math.max(...pairs.map(({ expected, predicted }) => Math.abs(predicted - expected)));
  const low = Math.min(...predictions);
  const high = Math.max(...predictions);
  return (
    <figure>
      <figcaption className="pb-1 text-xs font-semibold">
        Residuals{" "}
        <span className="font-normal text-ink-3">how far off, and in which direction</span>
      </figcaption>
      <Plane
        label={`Residuals of ${target} for ${pairs.length} examples, at most ${formatNumber(most, 3)} off`}
        x={{ title: `predicted ${target}`, low, high }}
        y={{ title: "predicted − true", low: -most, high: most }}
        right={[
          [low, 0],
          [high, 0],
        ]}
        points={pairs.map(({ row, expected, predicted }) => ({
          key: row,
          x: predicted,
          y: predicted - expected,
          title: `${told(expected, predicted)}, off by ${formatNumber(predicted - expected)}`,
        }))}
      />
    </figure>
  );
}

function told(expected: number, predicted: number): string {
  return `true ${formatNumber(expected)}, predicted ${formatNumber(predicted)}`;
}
