/** What the model says: a number, or every class's or label's probability as a bar. */
import type { Prediction } from "../../api";
import { cx, formatPercent } from "../../ui";
import { answerInWords } from "./words";

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
  const labels = Array.isArray(value);
  return (
    <div
      role="status"
      data-testid="prediction"
      className={cx("grid gap-2 transition-opacity", stale && "opacity-60")}
    >
      <p className="text-ink-2">
        {target}
        <b
          className={cx(
            "block text-2xl font-semibold break-words",
            labels && value.length === 0 ? "text-ink-2" : "text-ink",
          )}
        >
          {answerInWords(value)}
        </b>
      </p>
      {truth !== null && (
        <p className="text-xs text-ink-2">
          The data says <b className="font-semibold">{truth}</b>
        </p>
      )}
      {probabilities && (
        <Bars
          probabilities={probabilities}
          said={new Set(labels ? value : [String(value)])}
          what={labels ? "label" : "class"}
        />
      )}
      {labels && (
        <p className="text-xs text-ink-3">
          Each label by itself; it is said where its probability is above 50%.
        </p>
      )}
    </div>
  );
}

interface BarsProps {
  probabilities: Record<string, number>;
  said: ReadonlySet<string>;
  what: "class" | "label";
}

function Bars({ probabilities, said, what }: BarsProps) {
  const all = Object.entries(probabilities);
  const shown = all.length > SHOWN ? [...all].sort(([, a], [, b]) => b - a).slice(0, SHOWN) : all;
  return (
    <ul
      className="grid grid-cols-[auto_minmax(4rem,1fr)_3.5rem] items-center gap-x-2 gap-y-1 text-xs"
      aria-label={`Probability of each ${what}`}
    >
      {shown.map(([name, share]) => (
        <li key={name} className="contents">
          <span className={cx("max-w-48 break-words", said.has(name) && "font-semibold")}>
            {name}
          </span>
          <span
            aria-hidden="true"
            className="relative h-2.5 overflow-hidden rounded-full bg-sunken"
          >
            <span
              className={cx(
                "block h-full origin-left rounded-full transition-transform duration-200",
                said.has(name) ? "bg-accent" : "bg-line-strong",
              )}
              style={{ transform: `scaleX(${Math.min(1, Math.max(0, share))})` }}
            />
            {what === "label" && <span className="absolute inset-y-0 left-1/2 w-px bg-ink-3" />}
          </span>
          <span className="text-right text-ink-2 tabular-nums">{formatPercent(share)}</span>
        </li>
      ))}
      {all.length > shown.length && (
        <li className="col-span-3 text-ink-3">
          and {all.length - shown.length} less likely {what === "label" ? "labels" : "classes"}
        </li>
      )}
    </ul>
  );
}
