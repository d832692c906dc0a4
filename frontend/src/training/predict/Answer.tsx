/** What the model says: a number, or every class's probability as a bar. */
import type { Prediction } from "../../api";
import { cx, formatNumber, formatPercent } from "../../ui";

const SHOWN = 10;

export interface AnswerProps {
  prediction: Prediction;
  target: string;
  /** What the data says, when the example was taken from it. */
  truth: string | null;
  stale: boolean;
}

export function Answer({ prediction, target, truth, stale }: AnswerProps) {
  const { value, probabilities } = prediction;
  const text = typeof value === "number" ? formatNumber(value, 5) : value;
  return (
    <div
      role="status"
      data-testid="prediction"
      className={cx("grid gap-2 transition-opacity", stale && "opacity-60")}
    >
      <p className="text-ink-2">
        {target}
        <b className="block text-2xl font-semibold break-words text-ink">{text}</b>
      </p>
      {truth !== null && (
        <p className="text-xs text-ink-2">
          The data says <b className="font-semibold">{truth}</b>
        </p>
      )}
      {probabilities && <Bars probabilities={probabilities} value={String(value)} />}
    </div>
  );
}

function Bars({ probabilities, value }: { probabilities: Record<string, number>; value: string }) {
  const all = Object.entries(probabilities);
  const shown = all.length > SHOWN ? [...all].sort(([, a], [, b]) => b - a).slice(0, SHOWN) : all;
  return (
    <ul
      className="grid grid-cols-[auto_minmax(4rem,1fr)_3.5rem] items-center gap-x-2 gap-y-1 text-xs"
      aria-label="Probability of each class"
    >
      {shown.map(([name, share]) => (
        <li key={name} className="contents">
          <span className={cx("max-w-40 truncate", name === value && "font-semibold")} title={name}>
            {name}
          </span>
          <span aria-hidden="true" className="h-2.5 overflow-hidden rounded-full bg-sunken">
            <span
              className={cx(
                "block h-full origin-left rounded-full transition-transform duration-200",
                name === value ? "bg-accent" : "bg-line-strong",
              )}
              style={{ transform: `scaleX(${Math.min(1, Math.max(0, share))})` }}
            />
          </span>
          <span className="text-right text-ink-2 tabular-nums">{formatPercent(share)}</span>
        </li>
      ))}
      {all.length > shown.length && (
        <li className="col-span-3 text-ink-3">
          and {all.length - shown.length} less likely classes
        </li>
      )}
    </ul>
  );
}
