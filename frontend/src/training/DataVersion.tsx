/** Which version of its data a run was trained on, where that is not the one in use. */
import { Database } from "lucide-react";
import type { Dataset, Run } from "../api";
import { Button } from "../ui";
import { useForkRun } from "./useRunControl";

export interface DataVersionProps {
  run: Run;
  dataset: Dataset | undefined;
  onFork: (run: Run) => void;
}

/** Which version of its data a run was trained on; nothing where that is the one in use. */
export function DataVersion({ run, dataset, onFork }: DataVersionProps) {
  const fork = useForkRun(run.id, onFork);
  if (!dataset || dataset.version === run.dataset_version) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
      <Database aria-hidden="true" className="size-3.5 text-ink-3" />
      <span>
        Trained on version {run.dataset_version} of the data, which stays with it; version{" "}
        {dataset.version} is in use now.
      </span>
      <Button
        size="sm"
        loading={fork.isPending}
        onClick={() => fork.mutate({ dataset_version: "in_use" })}
      >
        Train again on version {dataset.version}
      </Button>
    </p>
  );
}
