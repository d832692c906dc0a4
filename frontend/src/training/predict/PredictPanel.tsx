/** Ask the finished model about an example of one's own, or about a file of them. */
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useMemo, useRef, useState } from "react";
import { type Dataset, type Description, isGone, type Run } from "../../api";
import { datasetQuery, runDescriptionQuery } from "../../api/queries";
import { cx, EmptyState, ErrorNotice, Segmented, Skeleton } from "../../ui";
import { stepsOf } from "../recipe/SequenceField";
import { FilePredict, type FilePredictHandle } from "./FilePredict";
import { rowFields } from "./fields";
import { ImagePredict } from "./ImagePredict";
import { RowPredict } from "./RowPredict";
import { WindowPredict } from "./WindowPredict";

export function PredictPanel({ run, finished }: { run: Run; finished: boolean }) {
  const dataset = useQuery(datasetQuery(run.dataset_id, run.dataset_version));
  const deleted = isGone(dataset.error);
  const kept = useQuery({ ...runDescriptionQuery(run.id), enabled: deleted });
  if (!finished || run.state === "failed") {
    return (
      <EmptyState title={finished ? "No model to ask" : "Still learning"}>
        {finished
          ? "The run failed before it left a model. The log says why."
          : "When the run has ended, you can ask its model about examples of your own here."}
      </EmptyState>
    );
  }
  const asked = deleted ? kept : dataset;
  if (asked.isError) {
    return <ErrorNotice error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  const description = deleted ? kept.data : dataset.data?.description;
  if (!description) return <Skeleton className="h-40 w-full" />;
  const data = deleted ? null : (dataset.data ?? null);
  return <Asking key={run.id} run={run} dataset={data} description={description} />;
}

interface AskingProps {
  run: Run;
  /** null: it was deleted. */
  dataset: Dataset | null;
  description: Description;
}

type Mode = "one" | "file";

function Asking({ run, dataset, description }: AskingProps) {
  const steps = stepsOf(run.recipe.sequence);
  // A window is taken from the data, so that without them only a file can be predicted from.
  const onlyFiles = dataset === null && steps !== null;
  const [mode, setMode] = useState<Mode>(onlyFiles ? "file" : "one");
  const [over, setOver] = useState(false);
  const file = useRef<FilePredictHandle>(null);
  const columns = useMemo(
    () => rowFields(description, run.recipe).map(({ name }) => name),
    [description, run.recipe],
  );
  const images = description.kind === "images";
  const drop = (event: DragEvent) => {
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (!dropped || event.defaultPrevented) return;
    event.preventDefault();
    setMode("file");
    file.current?.take(dropped);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; the button in it does the same for the keyboard
    <div
      className={cx(
        "grid min-h-full content-start gap-3 rounded-lg",
        over && "outline-2 outline-offset-4 outline-accent outline-dashed",
      )}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      {dataset === null && (
        <p className="text-ink-2">
          The dataset “{run.dataset_name}” was deleted. {stillWorks(description, onlyFiles)}
        </p>
      )}
      {!onlyFiles && (
        <Segmented
          label="What to predict from"
          className="justify-self-start"
          value={mode}
          onChange={setMode}
          options={[
            { value: "one", label: images ? "One image" : steps ? "From the data" : "One row" },
            { value: "file", label: "Predict a file" },
          ]}
        />
      )}
      {/* Both stay, so that going to and fro loses nothing. */}
      <div hidden={mode !== "one"}>
        {steps && !onlyFiles && (
          <WindowPredict run={run} description={description} sequence={steps} />
        )}
        {!images && !steps && <RowPredict run={run} dataset={dataset} description={description} />}
        {description.image && (
          <ImagePredict
            run={run}
            dataset={dataset}
            description={description}
            shape={description.image}
          />
        )}
      </div>
      <div hidden={mode !== "file"}>
        <FilePredict ref={file} run={run} images={images} columns={columns} />
      </div>
    </div>
  );
}

/** What can be asked of a model whose dataset is not there any more. */
function stillWorks(description: Description, onlyFiles: boolean): string {
  if (onlyFiles) return "Its rows cannot be chosen any more; predicting from a file still works.";
  return description.kind === "images"
    ? "Its images cannot be shown any more; a drawing, a picture of yours or a file still works. Whether its images were light on dark is not known: draw in white, or send a picture."
    : "Its rows cannot be filled in any more; typing a row or sending a file still works.";
}
