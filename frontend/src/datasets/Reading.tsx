/** A dataset that is being read, or could not be. */
import type { Dataset } from "../api";
import { ApiError } from "../api";
import { Card, ErrorNotice, formatPercent, Progress } from "../ui";

/** A dataset that is still being read, or that could not be. */
export function Reading({ dataset }: { dataset: Dataset }) {
  if (dataset.state === "failed") {
    const error = dataset.error
      ? new ApiError(422, dataset.error)
      : new Error("The file could not be read. Upload it again, or look whether it is whole.");
    return <ErrorNotice error={error} title="This file could not be read" />;
  }
  return (
    <Card className="grid gap-2 px-4 py-3.5">
      <p className="font-semibold">
        Reading the file …{" "}
        {dataset.progress != null && (
          <span className="font-normal text-ink-2">{formatPercent(dataset.progress, 0)}</span>
        )}
      </p>
      <Progress value={dataset.progress ?? null} label={`Reading ${dataset.name}`} />
      <p className="text-xs text-ink-3">You may leave this page; it goes on.</p>
    </Card>
  );
}
