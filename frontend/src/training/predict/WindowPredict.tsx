/** Predict from a window of the data: the rows up to one that is chosen, at first the newest. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { SkipForward } from "lucide-react";
import { useId, useState } from "react";
import { type Description, predict, type Run, type Sequence } from "../../api";
import { Button, ErrorNotice, formatCount, NumberInput, Skeleton } from "../../ui";
import { Answer } from "./Answer";
import { outputsOf } from "./usePrediction";

export interface WindowPredictProps {
  run: Run;
  description: Description;
  sequence: Sequence;
}

export function WindowPredict({ run, description, sequence }: WindowPredictProps) {
  const id = useId();
  const [row, setRow] = useState<number | "last">("last");
  const asked = useQuery({
    queryKey: ["run", run.id, "predict", "row", row],
    queryFn: ({ signal }) => predict({ path: { run_id: run.id }, body: { row }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const told = asked.isError ? undefined : asked.data;
  const windows = sequence.kind !== "groups";
  // Rows are counted from 1, as the preview of the data counts them.
  const shown = row === "last" ? (told?.row ?? null) : row;
  return (
    <div className="grid content-start gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <div className="grid gap-1">
          <label htmlFor={`${id}row`} className="text-xs text-ink-2">
            {windows ? "Last row of the window" : "A row of the group"}
          </label>
          <NumberInput
            id={`${id}row`}
            min={1}
            max={description.rows}
            step={1}
            value={shown === null ? null : shown + 1}
            onChange={(next) => next !== null && setRow(next - 1)}
          />
        </div>
        <Button
          size="sm"
          icon={<SkipForward />}
          disabled={row === "last"}
          onClick={() => setRow("last")}
        >
          The newest
        </Button>
        <p className="max-w-md text-xs text-ink-3">
          {windows
            ? `The model sees ${formatCount(sequence.window ?? 0)} rows up to this one and predicts ${ahead(sequence.horizon ?? 1)}.`
            : "The model sees all rows of the group."}
        </p>
      </div>
      {asked.isError && <ErrorNotice error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.isPending && <Skeleton className="h-40 w-full" />}
      {told && (
        <div className="grid gap-x-8 gap-y-4 @2xl:grid-cols-[minmax(14rem,2fr)_minmax(0,3fr)]">
          <div className="grid content-start gap-3">
            {outputsOf(told).map(({ node, target, predictions: [prediction] }) =>
              prediction ? (
                <Answer
                  key={node}
                  prediction={prediction}
                  target={target}
                  truth={prediction.expected == null ? null : String(prediction.expected)}
                  stale={asked.isFetching}
                />
              ) : null,
            )}
          </div>
          <Seen columns={told.columns ?? []} rows={told.rows ?? []} />
        </div>
      )}
    </div>
  );
}

function ahead(rows: number): string {
  return rows === 1 ? "the next row" : `the row ${formatCount(rows)} after it`;
}

/** The rows that the answer was worked out from, the newest in view. */
function Seen({ columns, rows }: { columns: readonly string[]; rows: (string | null)[][] }) {
  return (
    <section
      aria-label="The rows that the model sees"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      ref={(list) => list?.scrollTo?.({ top: list.scrollHeight })}
      className="max-h-96 overflow-auto rounded-xl border border-line bg-panel"
    >
      <table className="w-full text-xs tabular-nums">
        <thead className="sticky top-0 bg-panel text-left text-ink-2 shadow-[inset_0_-1px_var(--color-line)]">
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-semibold">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row's place in the window is what tells it
            <tr key={index} className="border-b border-line last:border-0">
              {columns.map((name, place) => (
                <td key={name} className="max-w-64 truncate px-3 py-1">
                  {row[place] ?? <span className="text-ink-3 italic">missing</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
