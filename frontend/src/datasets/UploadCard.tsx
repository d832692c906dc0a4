/** One file on its way to the server. */
import { CircleCheck, FileText, SlidersHorizontal, X } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { dismissUpload, type ReadingOptions, type Upload } from "../api/upload";
import {
  Button,
  buttonClass,
  Card,
  ErrorNotice,
  formatBytes,
  formatDuration,
  IconButton,
  Progress,
  ReadingDialog,
} from "../ui";

export interface UploadCardProps {
  upload: Upload;
  onAgain: (options?: ReadingOptions) => void;
}

/** "3.1 of 8.0 MB · 1.2 MB/s · 4 s left" */
function pace({ state, sent, total, rate }: Upload): string {
  if (state === "reading") return "The server is reading it …";
  const left = rate ? (total - sent) / rate : null;
  return [
    `${formatBytes(sent)} of ${formatBytes(total)}`,
    rate && `${formatBytes(rate)}/s`,
    left !== null && `${formatDuration(left)} left`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** One file on its way to the server: how far, how fast, or why not. */
export function UploadCard({ upload, onAgain }: UploadCardProps) {
  const [asking, setAsking] = useState(false);
  const { state, file, dataset, error } = upload;
  const under = state === "sending" || state === "reading";
  const again = (options?: ReadingOptions) => {
    dismissUpload(upload.id);
    onAgain(options);
  };

  return (
    <Card className="flex flex-col gap-3 px-4 py-3.5">
      <div className="flex items-center gap-3">
        {state === "done" ? (
          <CircleCheck className="size-5 shrink-0 text-ok" aria-hidden="true" />
        ) : (
          <FileText className="size-5 shrink-0 text-ink-3" aria-hidden="true" />
        )}
        <div className="min-w-0 flex-1">
          <p className="font-semibold break-words">{file.name}</p>
          <p className="text-xs text-ink-2" aria-live="polite">
            {state === "done" && "Uploaded"}
            {state === "failed" && "Not accepted"}
            {under && pace(upload)}
          </p>
        </div>
        {dataset && !upload.into && (
          <Link
            href={`/datasets/${dataset.id}`}
            className={buttonClass("secondary", "sm")}
            onClick={() => dismissUpload(upload.id)}
          >
            Open
          </Link>
        )}
        {under ? (
          <Button size="sm" onClick={() => dismissUpload(upload.id)}>
            Cancel
          </Button>
        ) : (
          <IconButton
            size="sm"
            label={`Take ${file.name} off the list`}
            icon={<X />}
            onClick={() => dismissUpload(upload.id)}
          />
        )}
      </div>
      {under && (
        <Progress
          value={state === "reading" || !upload.total ? null : upload.sent / upload.total}
          label={`Upload of ${file.name}`}
        />
      )}
      {error && (
        <>
          <ErrorNotice error={error} />
          <div className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => again()}>
              Upload again
            </Button>
            <Button size="sm" icon={<SlidersHorizontal />} onClick={() => setAsking(true)}>
              Say how to read it
            </Button>
          </div>
          <ReadingDialog
            open={asking}
            onOpenChange={setAsking}
            options={upload.options ?? {}}
            onRead={(options) => {
              setAsking(false);
              again(options);
            }}
          />
        </>
      )}
    </Card>
  );
}
