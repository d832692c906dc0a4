/** A column's values as bars. */
import type { Bin } from "../api";
import { formatCount } from "../ui";

const WIDTH = 132;
const HEIGHT = 34;

/** A column's values as bars: ranges of numbers, or categories. */
export function Distribution({ name, bins }: { name: string; bins: readonly Bin[] }) {
  if (!bins.length) return <span className="text-ink-3">–</span>;
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const ranges = bins.some((bin) => bin.low != null);
  const gap = ranges ? 1 : Math.min(4, WIDTH / bins.length / 4);
  const width = WIDTH / bins.length - gap;
  const top = bins.reduce((a, b) => (b.count > a.count ? b : a));
  return (
    <svg
      role="img"
      aria-label={`Distribution of ${name}: most values, ${formatCount(top.count)}, are ${top.label}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-8.5 w-24 xl:w-33"
    >
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} className="stroke-line-strong" />
      {bins.map((bin, index) => {
        const height = bin.count ? Math.max(1.5, (bin.count / most) * (HEIGHT - 3)) : 0;
        return (
          <g key={`${bin.label} ${bin.low}`}>
            <title>{`${bin.label}: ${formatCount(bin.count)}`}</title>
            <rect
              x={index * (width + gap) + gap / 2}
              y={0}
              width={width}
              height={HEIGHT}
              fill="transparent"
            />
            <rect
              x={index * (width + gap) + gap / 2}
              y={HEIGHT - 1 - height}
              width={width}
              height={height}
              rx={Math.min(1.5, width / 3)}
              style={{ fill: ranges ? "var(--curve-train)" : "var(--group-recurrent)" }}
            />
          </g>
        );
      })}
    </svg>
  );
}
