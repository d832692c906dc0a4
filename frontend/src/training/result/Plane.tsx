/** Points and a line in a plane, with both axes in round numbers. */
import { useMemo } from "react";
import { formatNumber } from "../../ui";

const SIZE = 280;
const PAD = { left: 62, bottom: 34, top: 8, right: 14 };
/** More points than this lie over each other. */
const CROWD = 300;
const AIR = 0.04;

export interface Axis {
  title: string;
  low: number;
  high: number;
}

export interface PlaneProps {
  /** Read out for the whole picture. */
  label: string;
  x: Axis;
  y: Axis;
  points: readonly { key: number; x: number; y: number; title: string }[];
  /** What is joined by a line, from its beginning to its end. */
  line?: readonly { x: number; y: number }[];
  /** From where to where a right answer would lie, or one that tells nothing. */
  right?: readonly [from: readonly [number, number], to: readonly [number, number]];
}

/** Round numbers from one to another: three to six of them, one, two or five of a power of ten. */
export function roundTicks(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) as number;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, place) =>
    Number(((first + place) * step).toPrecision(9)),
  );
}

export function Plane({ label, x, y, points, line, right }: PlaneProps) {
  const across = useMemo(() => scale(x, PAD.left, SIZE - PAD.right), [x]);
  const up = useMemo(() => scale(y, SIZE - PAD.bottom, PAD.top), [y]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      className="w-full max-w-80 text-[10px] tabular-nums"
    >
      {across.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={across.at(tick)}
            x2={across.at(tick)}
            y1={PAD.top}
            y2={SIZE - PAD.bottom}
            className="stroke-line"
          />
          <text
            x={across.at(tick)}
            y={SIZE - PAD.bottom + 13}
            textAnchor="middle"
            className="fill-ink-3"
          >
            {formatNumber(tick, 3)}
          </text>
        </g>
      ))}
      {up.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={PAD.left}
            x2={SIZE - PAD.right}
            y1={up.at(tick)}
            y2={up.at(tick)}
            className="stroke-line"
          />
          <text x={PAD.left - 5} y={up.at(tick) + 3} textAnchor="end" className="fill-ink-3">
            {formatNumber(tick, 3)}
          </text>
        </g>
      ))}
      {right && (
        <line
          x1={across.at(right[0][0])}
          x2={across.at(right[1][0])}
          y1={up.at(right[0][1])}
          y2={up.at(right[1][1])}
          className="stroke-ink-3"
          strokeDasharray="4 3"
        />
      )}
      {line && (
        <polyline
          points={line.map((at) => `${across.at(at.x)},${up.at(at.y)}`).join(" ")}
          className="fill-none stroke-accent"
          strokeWidth="2"
          strokeLinejoin="round"
        />
      )}
      {points.map((point) => (
        <circle
          key={point.key}
          cx={across.at(point.x)}
          cy={up.at(point.y)}
          r="3"
          className="fill-accent"
          fillOpacity={points.length > CROWD ? 0.35 : 0.6}
        >
          <title>{point.title}</title>
        </circle>
      ))}
      <text
        x={(SIZE - PAD.right + PAD.left) / 2}
        y={SIZE - 5}
        textAnchor="middle"
        className="fill-ink-2"
      >
        {x.title}
      </text>
      <text
        transform={`translate(10 ${(SIZE - PAD.bottom + PAD.top) / 2}) rotate(-90)`}
        textAnchor="middle"
        className="fill-ink-2"
      >
        {y.title}
      </text>
    </svg>
  );
}

/** Places in the picture for the values of an axis, with some air at both ends. */
function scale({ low, high }: Axis, begin: number, end: number) {
  const air = (high - low || 1) * AIR;
  const [from, to] = [low - air, high + air];
  return {
    ticks: roundTicks(from, to),
    at: (value: number) => begin + ((value - from) / (to - from)) * (end - begin),
  };
}
