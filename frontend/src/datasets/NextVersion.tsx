/** The next version of a dataset on its way: sent, being read, or not accepted. */
import { X } from "lucide-react";
import { ApiError, type Dataset } from "../api";
import { useUploads } from "../api/upload";
import { Button, Card, ErrorNotice, formatPercent, Progress } from "../ui";
import { UploadCard } from "./UploadCard";
import { useRenewal } from "./useRenewal";

/** The next version of a dataset on its way; nothing where there is none. */
export function NextVersion({ dataset }: { dataset: Dataset }) {
  const uploads = useUploads().filter((upload) => upload.into === dataset.id);
  const { replace, remove } = useRenewal(dataset);
  const next = dataset.next_version;
  return (
    <>
      {uploads.map((upload) => (
        <UploadCard
          key={upload.id}
          upload={upload}
          onAgain={(options) => replace(upload.file, options ?? upload.options)}
        />
      ))}
      {next?.state === "ingesting" && (
        <Card className="flex items-center gap-4 px-4 py-3.5">
          <div className="grid min-w-0 flex-1 gap-2">
            <p className="font-semibold">
              Reading version {next.version} …{" "}
              {next.progress != null && (
                <span className="font-normal text-ink-2">{formatPercent(next.progress, 0)}</span>
              )}
            </p>
            <Progress value={next.progress ?? null} label={`Reading version ${next.version}`} />
            <p className="text-xs text-ink-3">
              Version {dataset.version} stays in use until it is read. You may leave this page.
            </p>
          </div>
          <Button size="sm" loading={remove.isPending} onClick={() => remove.mutate(next.version)}>
            Cancel
          </Button>
        </Card>
      )}
      {next?.state === "failed" && (
        <div className="grid justify-items-start gap-2">
          <ErrorNotice
            title={`Version ${next.version} could not be read; version ${dataset.version} stays in use`}
            error={next.error ? new ApiError(422, next.error) : new Error("Upload the file again.")}
          />
          <Button
            size="sm"
            icon={<X />}
            loading={remove.isPending}
            onClick={() => remove.mutate(next.version)}
          >
            Take it off
          </Button>
        </div>
      )}
    </>
  );
}
