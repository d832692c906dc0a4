/** An activation function and its derivative, drawn from the catalogue's points. */
import type { ActivationType } from "../api";
import { ReadMore } from "../ui";

const WIDTH = 280;
const HEIGHT = 96;
const TOP = 2.2;
const BOTTOM = -1.4;

export function ActivationPlot({ activation }: { activation: ActivationType }) {
  const { curve, formula, title, summary } = activation;
  const first = curve[0]?.[0] ?? -1;
  const last = curve[curve.length - 1]?.[0] ?? 1;
  const x = (value: number) => ((value - first) / (last - first)) * WIDTH;
  // What leaves the drawing is cut off at its edge by the svg itself.
  const y = (value: number) => ((TOP - value) / (TOP - BOTTOM)) * HEIGHT;
  const line = (place: 1 | 2) =>
    curve.map((point) => `${x(point[0])},${y(point[place])}`).join(" ");
  return (
    <section className="rounded-lg bg-sunken px-3 py-2.5">
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="text-xs font-semibold">{title}</h3>
        <ReadMore kind="activations" type={activation.type} title={title} />
      </div>
      <p className="font-mono text-2xs text-ink-2">{formula}</p>
      {curve.length > 0 ? (
        <>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            className="mt-1.5 w-full overflow-hidden"
            role="img"
            aria-label={`${title} and its derivative from ${first} to ${last}`}
          >
            <path
              d={`M0 ${y(0)}H${WIDTH}M${x(0)} 0V${HEIGHT}`}
              stroke="var(--line-strong)"
              fill="none"
            />
            <polyline
              points={line(2)}
              fill="none"
              stroke="var(--ink-3)"
              strokeDasharray="3 3"
              strokeWidth={1.4}
            />
            <polyline
              points={line(1)}
              fill="none"
              stroke="var(--group-activation)"
              strokeWidth={2.2}
            />
          </svg>
          <p className="mt-1 text-2xs text-ink-3">Dashed: its derivative.</p>
        </>
      ) : (
        <p className="mt-1 text-2xs text-ink-3">{summary}</p>
      )}
    </section>
  );
}
