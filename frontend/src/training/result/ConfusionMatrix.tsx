/** Which class was taken for which: rows are what was right, columns what the model said. */
import type { Evaluation, Cell as Examples } from "../../api";
import { cx, formatPercent } from "../../ui";

export interface ConfusionMatrixProps {
  evaluation: Evaluation;
  /** The cell whose examples are shown. */
  chosen: Examples | null;
  onChoose(cell: Examples | null): void;
}

export function ConfusionMatrix({ evaluation, chosen, onChoose }: ConfusionMatrixProps) {
  const { classes, confusion, cells = [] } = evaluation;
  if (!classes || !confusion) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="max-w-full overflow-auto" aria-label="Confusion matrix" tabIndex={0}>
      <table className="border-separate border-spacing-0.5 text-xs tabular-nums">
        <caption className="pb-1.5 text-left text-ink-2">
          Rows: the right class. Columns: what the model said. A click shows the examples.
        </caption>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th
                key={name}
                scope="col"
                className="max-w-24 px-1 pb-1 text-center align-bottom font-medium break-words text-ink-2"
              >
                {name}
              </th>
            ))}
            <th scope="col" className="px-2 pb-1 align-bottom font-medium text-ink-3">
              found
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((name, i) => {
            const row = confusion[i] ?? [];
            const total = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={name}>
                <th
                  scope="row"
                  className="max-w-40 pr-2 text-right font-medium break-words text-ink-2"
                >
                  {name}
                </th>
                {classes.map((said, j) => {
                  const cell = cells.find(
                    (each) => each.expected === name && each.predicted === said,
                  );
                  return (
                    <Cell
                      key={said}
                      count={row[j] ?? 0}
                      total={total}
                      right={i === j}
                      title={`${name}, called ${said}: ${row[j] ?? 0} of ${total}`}
                      chosen={cell !== undefined && cell === chosen}
                      onClick={cell && (() => onChoose(cell === chosen ? null : cell))}
                    />
                  );
                })}
                <td className="px-2 text-right whitespace-nowrap text-ink-3">
                  {total > 0 ? formatPercent((row[i] ?? 0) / total, 0) : "–"}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps {
  count: number;
  total: number;
  right: boolean;
  title: string;
  chosen: boolean;
  /** Absent where the cell has no examples. */
  onClick?: () => void;
}

/** As strong as the numbers stay easy to read on it, in light and dark. */
const STRONGEST = 46;

/** The more of its row a cell holds, the stronger its colour; the number says it without colour. */
function Cell({ count, total, right, title, chosen, onClick }: CellProps) {
  const share = total > 0 ? count / total : 0;
  const strength = count === 0 ? 0 : Math.round(12 + share * (STRONGEST - 12));
  const color = right ? "var(--ok)" : "var(--bad)";
  return (
    <td
      title={title}
      className={cx(
        "h-8 min-w-9 rounded-sm text-center",
        count === 0 ? "text-ink-3" : "text-ink",
        right && "font-semibold",
        chosen && "outline-2 outline-accent",
      )}
      style={{ background: `color-mix(in srgb, ${color} ${strength}%, var(--sunken))` }}
    >
      {onClick ? (
        <button
          type="button"
          aria-pressed={chosen}
          aria-label={`${title}. Show examples`}
          className="h-8 w-full rounded-sm px-1.5 hover:outline-2 hover:outline-line-strong"
          onClick={onClick}
        >
          {count}
        </button>
      ) : (
        count
      )}
    </td>
  );
}
