/** Precision, recall and F1 of every class or label. */
import type { Evaluation } from "../../api";
import { formatCount } from "../../ui";

export interface PerClassProps {
  perClass: NonNullable<Evaluation["per_class"]>;
  /** Whether these are labels, of which an example has any number. */
  labels: boolean;
}

export function PerClass({ perClass, labels }: PerClassProps) {
  const percent = (value: number | null) => (value === null ? "–" : `${Math.round(value * 100)}%`);
  return (
    <table className="text-xs tabular-nums">
      <thead className="text-ink-3">
        <tr>
          <th scope="col" className="pr-6 pb-1 text-left font-medium">
            {labels ? "Label" : "Class"}
          </th>
          <th
            scope="col"
            className="pr-4 pb-1 text-right font-medium"
            title={
              labels ? "Of those said to have it, how many do" : "Of those called so, how many are"
            }
          >
            Precision
          </th>
          <th
            scope="col"
            className="pr-4 pb-1 text-right font-medium"
            title={
              labels
                ? "Of those that have it, how many were found"
                : "Of those that are, how many were found"
            }
          >
            Recall
          </th>
          <th
            scope="col"
            className="pr-4 pb-1 text-right font-medium"
            title="The harmonic mean of both"
          >
            F1
          </th>
          {labels && (
            <th
              scope="col"
              className="pr-4 pb-1 text-right font-medium"
              title="Average precision: the mean precision over all recalls, whatever the threshold"
            >
              Avg. precision
            </th>
          )}
          <th scope="col" className="pb-1 text-right font-medium">
            {labels ? "Have it" : "Examples"}
          </th>
          {labels && (
            <th scope="col" className="pb-1 pl-4 text-right font-medium">
              Said
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {perClass.map((report) => (
          <tr key={report.name} className="border-t border-line">
            <th scope="row" className="max-w-48 py-1 pr-6 text-left font-normal break-words">
              {report.name}
            </th>
            <td className="py-1 pr-4 text-right">{percent(report.precision)}</td>
            <td className="py-1 pr-4 text-right">{percent(report.recall)}</td>
            <td className="py-1 pr-4 text-right">{percent(report.f1)}</td>
            {labels && (
              <td className="py-1 pr-4 text-right">{percent(report.average_precision ?? null)}</td>
            )}
            <td className="py-1 text-right text-ink-2">{formatCount(report.support)}</td>
            {labels && (
              <td className="py-1 pl-4 text-right text-ink-2">{formatCount(report.predicted)}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
