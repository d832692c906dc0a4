/** The versions of a dataset: what each was read from, what it takes, and the way back to it. */
import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Dataset, DatasetVersion } from "../api";
import { versionsQuery } from "../api/queries";
import {
  Button,
  ConfirmDialog,
  Dialog,
  ErrorNotice,
  formatAgo,
  formatBytes,
  formatDate,
  formatPlural,
  IconButton,
  Pill,
  Skeleton,
} from "../ui";
import { useRenewal } from "./useRenewal";

export interface VersionsDialogProps {
  dataset: Dataset;
  onClose: () => void;
}

/** The versions of a dataset, newest first. */
export function VersionsDialog({ dataset, onClose }: VersionsDialogProps) {
  const versions = useQuery(versionsQuery(dataset.id));
  const { restore, remove } = useRenewal(dataset);
  const [doomed, setDoomed] = useState<number | null>(null);
  const error = versions.error ?? restore.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Versions"
      description="A run keeps the version that it was trained on. What you chose for the columns belongs to each version."
    >
      {error && <ErrorNotice error={error} />}
      {versions.isPending && <Skeleton className="h-32" />}
      <ul aria-label="Versions" className="divide-y divide-line">
        {versions.data?.map((version) => (
          <li key={version.version} className="flex flex-wrap items-start gap-3 py-3">
            <div className="min-w-48 flex-1">
              <p className="flex items-center gap-2 font-semibold">
                Version {version.version}
                {version.in_use && <Pill tone="ok">in use</Pill>}
                {version.state !== "ready" && <Pill tone="warn">{version.state}</Pill>}
              </p>
              <p className="break-words text-ink-2">{origin(version)}</p>
              <p className="text-xs text-ink-3" title={formatDate(version.created_at)}>
                {[
                  amount(version),
                  formatAgo(version.created_at),
                  version.runs > 0 && `${formatPlural(version.runs, "run")} trained on it`,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              <p className="text-xs text-ink-3">{disk(version)}</p>
            </div>
            {!version.in_use && (
              <div className="flex gap-2">
                {version.state === "ready" && (
                  <Button
                    size="sm"
                    loading={restore.isPending && restore.variables === version.version}
                    onClick={() => restore.mutate(version.version)}
                  >
                    Use this version
                  </Button>
                )}
                <IconButton
                  size="sm"
                  icon={<Trash2 />}
                  label={
                    version.runs > 0
                      ? `Version ${version.version} is needed by ${formatPlural(version.runs, "run")}`
                      : `Delete version ${version.version}`
                  }
                  disabled={version.runs > 0}
                  onClick={() => setDoomed(version.version)}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={`Delete version ${doomed}?`}
        action="Delete version"
        loading={remove.isPending}
        onConfirm={() =>
          doomed !== null && remove.mutate(doomed, { onSuccess: () => setDoomed(null) })
        }
      >
        <div className="grid gap-3">
          <p>Its data cannot be brought back from here. The other versions stay.</p>
          {remove.error && <ErrorNotice error={remove.error} />}
        </div>
      </ConfirmDialog>
    </Dialog>
  );
}

function origin({ again, original }: DatasetVersion): string {
  if (again !== null) return `The file of version ${again}, read again`;
  return original?.filename ?? "A file that was not kept";
}

function amount({ rows, kind }: DatasetVersion): string | false {
  return rows !== null && formatPlural(rows, kind === "images" ? "image" : "row");
}

function disk({ disk_bytes, original, shares_original }: DatasetVersion): string {
  const file = original
    ? `, the file ${formatBytes(original.bytes)}${shares_original ? ", shared with other versions" : ""}`
    : "";
  return `On disk: the data ${formatBytes(disk_bytes)}${file}`;
}
