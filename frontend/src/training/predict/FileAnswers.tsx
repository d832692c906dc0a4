/** The first rows or images of a file, each with what the model says of it. */
import type { Prediction, Predictions } from "../../api";
import { cx, formatCount, formatPercent } from "../../ui";
import { outputsOf } from "./usePrediction";
import { answerInWords } from "./words";

/** Columns drawn: more than these nobody reads side by side. */
const WIDEST = 40;
const CELL = "max-w-64 truncate px-3 py-1.5";

export function FileAnswers({ answers }: { answers: Predictions }) {
  const { columns = [], rows = [], pictures = [] } = answers;
  const outputs = outputsOf(answers);
  const names = columns.slice(0, WIDEST);
  const numeric = names.map((_, place) =>
    rows.every((row) => row[place] == null || isNumber(row[place])),
  );
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-panel">
      <section
        aria-label="Predictions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        className="max-h-[34rem] overflow-auto"
      >
        <table className="w-full text-xs tabular-nums">
          <thead className="sticky top-0 z-1 bg-panel text-ink-2 shadow-[inset_0_-1px_var(--color-line)]">
            <tr>
              <th scope="col" className="w-12 px-3 py-2 text-right font-normal text-ink-3">
                {pictures.length > 0 ? "Image" : "Row"}
              </th>
              {outputs.map(({ node, target, predictions }) => (
                <PredictedHeads
                  key={node}
                  target={target}
                  classes={predictions[0]?.probabilities != null}
                />
              ))}
              {names.map((name, place) => (
                <th
                  key={name}
                  scope="col"
                  className={cx(
                    "max-w-48 px-3 py-2 font-semibold break-words",
                    numeric[place] ? "text-right" : "text-left",
                  )}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row's place in the file is what tells it
              <tr key={index} className="border-b border-line last:border-0 hover:bg-sunken">
                <td className="px-3 py-1.5 text-right text-ink-3">
                  {pictures[index] === undefined ? (
                    formatCount(index + 1)
                  ) : (
                    <img
                      src={`data:image/png;base64,${pictures[index]}`}
                      alt={row[0] ?? `Image ${index + 1}`}
                      className="size-10 max-w-none rounded-sm bg-sunken object-contain [image-rendering:pixelated]"
                    />
                  )}
                </td>
                {outputs.map(({ node, predictions }) => (
                  <Predicted key={node} prediction={predictions[index]} />
                ))}
                {names.map((name, place) => (
                  <td
                    key={name}
                    className={cx(CELL, numeric[place] && "text-right")}
                    title={(row[place]?.length ?? 0) > 30 ? (row[place] as string) : undefined}
                  >
                    {row[place] ?? <span className="text-ink-3 italic">missing</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {columns.length > WIDEST && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-ink-2">
          The first {WIDEST} of {formatCount(columns.length)} columns; the CSV has all of them.
        </p>
      )}
    </div>
  );
}

const HEAD = "bg-accent-soft px-3 py-2 font-semibold text-ink";

function PredictedHeads({ target, classes }: { target: string; classes: boolean }) {
  return (
    <>
      <th
        scope="col"
        className={cx(HEAD, "max-w-48 break-words", classes ? "text-left" : "text-right")}
      >
        {target}, predicted
      </th>
      {classes && (
        <th scope="col" className={cx(HEAD, "w-24 text-right")}>
          Probability
        </th>
      )}
    </>
  );
}

function Predicted({ prediction }: { prediction: Prediction | undefined }) {
  if (prediction === undefined) return null;
  const { value, probabilities } = prediction;
  const words = answerInWords(value);
  if (probabilities == null || typeof value === "number") {
    return <td className={cx(CELL, "bg-accent-soft/50 text-right font-semibold")}>{words}</td>;
  }
  const shares = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5);
  const none = Array.isArray(value) && value.length === 0;
  const said = Array.isArray(value) ? value : [value];
  return (
    <>
      <td
        className={cx(CELL, "bg-accent-soft/50", none ? "text-ink-3 italic" : "font-semibold")}
        title={words}
      >
        {words}
      </td>
      <td
        className={cx(CELL, "bg-accent-soft/50 text-right", none && "text-ink-3")}
        title={shares.map(([name, share]) => `${name} ${formatPercent(share)}`).join(", ")}
      >
        {none
          ? `at most ${formatPercent(shares[0]?.[1])}`
          : said.map((name) => formatPercent(probabilities[name])).join(", ")}
      </td>
    </>
  );
}

function isNumber(cell: string | null | undefined): boolean {
  return cell != null && /^[+-]?\d*[.,]?\d+(e[+-]?\d+)?$/i.test(cell);
}
