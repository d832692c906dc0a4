/** Predicted against true values: on the diagonal, the prediction was right. */
import type { Pair } from "../../api";
import { formatNumber } from "../../ui";

const SIZE = 260;
const PAD = { left: 46, bottom: 34, top: 8, right: 8 };

export function Scatter({ pairs, target }: { pairs: readonly Pair[]; target: string }) {
  if (pairs.length === 0) return null;
  const values = pairs.flatMap(({ expected, predicted }) => [expected, predicted]);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = (high - low || 1) * 0.04;
  const [from, to] = [low - air, high + air];
  const place = (value: number) => (value - from) / (to - from);
  const x = (value: number) => PAD.left + place(value) * (SIZE - PAD.left - PAD.right);
  const y = (value: number) => SIZE - PAD.bottom - place(value) * (SIZE - PAD.top - PAD.bottom);
  const ticks = [low, (low + high) / 2, high];
  return (
    <figure>
      <svg
        role="img"
        aria-label={`Predicted against true ${target} for ${pairs.length} examples, from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`}
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        className="w-full max-w-72 text-[10px] tabular-nums"
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={y(from)} y2={y(to)} className="stroke-line" />
            <line x1={x(from)} x2={x(to)} y1={y(tick)} y2={y(tick)} className="stroke-line" />
            <text x={x(tick)} y={SIZE - PAD.bottom + 13} textAnchor="middle" className="fill-ink-3">
              {formatNumber(tick, 3)}
            </text>
            <text x={PAD.left - 5} y={y(tick) + 3} textAnchor="end" className="fill-ink-3">
              {formatNumber(tick, 3)}
            </text>
          </g>
        ))}
        <line
          x1={x(from)}
          y1={y(from)}
          x2={x(to)}
          y2={y(to)}
          className="stroke-ink-3"
          strokeDasharray="4 3"
        />
        {pairs.map((pair) => (
          <circle
            key={pair.row}
            cx={x(pair.expected)}
            cy={y(pair.predicted)}
            r="3"
            className="fill-accent"
            fillOpacity={pairs.length > 300 ? 0.35 : 0.6}
          >
            <title>{`true ${formatNumber(pair.expected)}, predicted ${formatNumber(pair.predicted)}`}</title>
          </circle>
        ))}
        <text x={(SIZE + PAD.left) / 2} y={SIZE - 5} textAnchor="middle" className="fill-ink-2">
          true {target}
        </text>
        <text
          transform={`translate(10 ${(SIZE - PAD.bottom) / 2}) rotate(-90)`}
          textAnchor="middle"
          className="fill-ink-2"
        >
          predicted
        </text>
      </svg>
    </figure>
  );
}
