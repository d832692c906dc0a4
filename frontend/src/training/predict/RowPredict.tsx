/** Predict from a row of a table. */
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type Dataset, type Description, type Run, readRows } from "../../api";
import { ErrorNotice } from "../../ui";
import { Answer } from "./Answer";
import { type Cell, initialRow, type Row, rowFields } from "./fields";
import { RowForm } from "./RowForm";
import { usePrediction } from "./usePrediction";

export interface RowPredictProps {
  run: Run;
  /** Where rows are taken from; null: it was deleted. */
  dataset: Dataset | null;
  description: Description;
}

export function RowPredict({ run, dataset, description }: RowPredictProps) {
  const fields = useMemo(() => rowFields(description, run.recipe), [description, run.recipe]);
  const [row, setRow] = useState<Row>(() => initialRow(fields));
  const [truth, setTruth] = useState<Row>({});
  const { ask, asked, ...answer } = usePrediction(run.id);

  const change = (next: Row) => {
    setRow(next);
    setTruth({});
    if (asked) ask(next);
  };
  const sample = useMutation({
    mutationFn: async ({ id, version }: Dataset) => {
      const offset = Math.floor(Math.random() * description.rows);
      const { columns, rows } = await readRows({
        path: { dataset_id: id },
        query: { offset, limit: 1, version },
      });
      return Object.fromEntries(columns.map((name, i) => [name, rows[0]?.[i] ?? null]));
    },
    onSuccess: (values: Row) => {
      const next: Row = {};
      for (const field of fields) {
        const value = values[field.name] ?? null;
        next[field.name] = field.kind === "choice" && value !== null ? String(value) : value;
      }
      setRow(next);
      setTruth(values);
      ask(next);
    },
  });

  return (
    <div className="grid content-start gap-x-8 gap-y-4 @2xl:grid-cols-[minmax(0,3fr)_minmax(14rem,2fr)]">
      <RowForm
        fields={fields}
        row={row}
        onChange={(name: string, value: Cell) => change({ ...row, [name]: value })}
        onSubmit={() => ask(row)}
        onReset={() => change(initialRow(fields))}
        onSample={dataset ? () => sample.mutate(dataset) : null}
        sampling={sample.isPending}
      />
      <div className="sticky top-0 grid content-start gap-3 self-start">
        {sample.isError && <ErrorNotice error={sample.error} />}
        {answer.error != null && <ErrorNotice error={answer.error} onRetry={answer.retry} />}
        {answer.answers.map(({ node, target, prediction }) => (
          <Answer
            key={node}
            prediction={prediction}
            target={target}
            truth={truth[target] == null ? null : String(truth[target])}
            stale={answer.pending}
          />
        ))}
        {answer.answers.length === 0 && answer.error == null && (
          <p className="text-ink-3">
            The fields hold typical values. Press Predict; afterwards the answer follows every
            change.
          </p>
        )}
      </div>
    </div>
  );
}
