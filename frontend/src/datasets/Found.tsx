/** What was found, in a few numbers, and the problem it makes. */
import type { ReactNode } from "react";
import type { Column, Dataset, Description } from "../api";
import { Card, formatBytes, formatCount, formatDate, formatNumber, formatShape } from "../ui";

/** What may stand between the labels of an image, in words. */
const SEPARATORS: Record<string, string> = {
  "|": "a vertical bar",
  ";": "a semicolon",
  ",": "a comma",
  " ": "a blank",
};

/** What was found, in a few numbers, and the problem it makes. */
export function Found({ dataset, description }: { dataset: Dataset; description: Description }) {
  const { problem } = description;
  const columns = description.columns ?? [];
  const labels = description.labels_per_image;
  const separator = description.origin?.kind === "table" ? description.origin.separator : null;
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <Card className="px-5 py-4">
        <dl className="flex flex-wrap gap-x-8 gap-y-3">
          {description.kind === "table" ? (
            <>
              <Fact name="Rows">{formatCount(description.rows)}</Fact>
              <Fact name="Columns">{formatCount(columns.length)}</Fact>
              <Fact name="Missing values">{formatCount(missing)}</Fact>
            </>
          ) : (
            <>
              <Fact name="Images">{formatCount(description.rows)}</Fact>
              {description.classes?.length ? (
                <Fact name={labels ? "Labels" : "Classes"}>
                  {formatCount(description.classes.length)}
                </Fact>
              ) : (
                <Fact name="Numbers">{range(columns[0])}</Fact>
              )}
              {labels && <Fact name="Labels per image">{formatNumber(mean(labels), 2)}</Fact>}
              {description.image && (
                <Fact name="Channels × height × width">
                  {formatShape([
                    description.image.channels,
                    description.image.height,
                    description.image.width,
                  ])}
                </Fact>
              )}
            </>
          )}
          {separator != null && (
            <Fact name="Between labels">{SEPARATORS[separator] ?? separator}</Fact>
          )}
          {description.reading?.sheet && <Fact name="Sheet">{description.reading.sheet}</Fact>}
          <Fact name="File">{formatBytes(description.bytes)}</Fact>
        </dl>
        <p className="mt-3 border-t border-line pt-3 text-xs text-ink-3">
          Added {formatDate(dataset.created_at)}
          {description.source && <>. Source: {description.source}</>}
        </p>
      </Card>
      <Card className="px-5 py-4">
        <h2 className="text-xs text-ink-3">The problem it makes</h2>
        {problem ? (
          <>
            <p className="text-lg font-semibold">
              {problem.task === "regression" ? (
                <>Predict {problem.target}, a number</>
              ) : (
                <>
                  Predict {problem.target}: {formatCount(problem.classes?.length)}{" "}
                  {labels ? "labels, any number for each image" : "classes"}
                </>
              )}
            </p>
            <p className="mt-0.5 text-ink-2">{problem.reason}</p>
          </>
        ) : (
          <p className="mt-1 text-ink-2">
            None yet: no column is marked as the target. Choose in the table below which column a
            network should learn to predict.
          </p>
        )}
      </Card>
    </div>
  );
}

/** How many labels an image has on average, of how many images have none, one, two … */
function mean(counts: readonly number[]): number {
  const images = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, labels) => sum + count * labels, 0) / Math.max(1, images);
}

/** "from 0.5 to 12" */
function range(column: Column | undefined): string {
  const { minimum, maximum } = column ?? {};
  if (minimum == null || maximum == null) return "one for each image";
  return `from ${formatNumber(minimum)} to ${formatNumber(maximum)}`;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="text-lg font-semibold">{children}</dd>
    </div>
  );
}
