/** A curve the size of a word. */
import { cx } from "./cx";

export interface SparklineProps {
  /** null is a gap. */
  values: readonly (number | null)[];
  label: string;
  className?: string;
}

const WIDTH = 96;
const HEIGHT = 28;
const PAD = 3;

/** A curve the size of a word; the newest value is the dot at its end. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const finite = values.filter(
    (value): value is number => value !== null && Number.isFinite(value),
  );
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const x = (index: number) =>
    PAD + (values.length < 2 ? 0.5 : index / (values.length - 1)) * (WIDTH - 2 * PAD);
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - PAD - ((value - low) / (high - low)) * (HEIGHT - 2 * PAD);

  let path = "";
  let pen = false;
  let end: [number, number] | null = null;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      pen = false;
      return;
    }
    end = [x(index), y(value)];
    path += `${pen ? "L" : "M"}${end[0].toFixed(1)} ${end[1].toFixed(1)}`;
    pen = true;
  });

  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={cx("h-7 w-24", className)}
    >
      {end === null ? (
        <path
          d={`M${PAD} ${HEIGHT / 2}H${WIDTH - PAD}`}
          className="stroke-line-strong"
          strokeDasharray="2 3"
        />
      ) : (
        <>
          <path
            d={path}
            fill="none"
            className="stroke-accent"
            strokeWidth="1.6"
            strokeLinejoin="round"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
          <circle cx={end[0]} cy={end[1]} r="2.2" className="fill-accent" />
        </>
      )}
    </svg>
  );
}
