/** Ask the finished model about an example of one's own. */
import { useQuery } from "@tanstack/react-query";
import type { Run } from "../../api";
import { datasetQuery } from "../../api/queries";
import { EmptyState, ErrorNotice, Skeleton } from "../../ui";
import { ImagePredict } from "./ImagePredict";
import { RowPredict } from "./RowPredict";

export function PredictPanel({ run, finished }: { run: Run; finished: boolean }) {
  const dataset = useQuery(datasetQuery(run.dataset_id));
  if (!finished || run.state === "failed") {
    return (
      <EmptyState title={finished ? "No model to ask" : "Still learning"}>
        {finished
          ? "The run failed before it left a model. The log says why."
          : "When the run has ended, you can ask its model about examples of your own here."}
      </EmptyState>
    );
  }
  if (dataset.isError) {
    return <ErrorNotice error={dataset.error} onRetry={() => void dataset.refetch()} />;
  }
  const description = dataset.data?.description;
  if (!dataset.data || !description) return <Skeleton className="h-40 w-full" />;
  if (description.kind === "images") {
    if (!description.image) return null;
    return (
      <ImagePredict
        key={run.id}
        run={run}
        dataset={dataset.data}
        description={description}
        shape={description.image}
      />
    );
  }
  return <RowPredict key={run.id} run={run} dataset={dataset.data} description={description} />;
}
