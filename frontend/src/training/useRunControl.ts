/** Asks something of a run; the stream tells when it has happened. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  changeRun,
  type ForkRequest,
  forkRun,
  pauseRun,
  type RecipeChange,
  type Run,
  resumeRun,
  stopRun,
} from "../api";
import { toast } from "../ui";
import { liveRuns } from "./live/browser";

function useControl<Argument>(
  ask: (argument: Argument) => Promise<Run>,
  refused: string,
  after?: (run: Run) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ask,
    onSuccess: (run) => {
      queries.setQueryData(["run", run.id], run);
      void queries.invalidateQueries({ queryKey: ["runs"] });
      after?.(run);
    },
    onError: (error) => toast({ title: refused, description: error.message, tone: "bad" }),
  });
}

export function useStopRun(runId: string | null) {
  return useControl<void>(
    () => stopRun({ path: { run_id: runId as string } }),
    "The run was not stopped",
  );
}

export function usePauseRun(runId: string | null) {
  return useControl<void>(
    () => pauseRun({ path: { run_id: runId as string } }),
    "The run was not paused",
  );
}

export function useChangeRun(runId: string) {
  return useControl<RecipeChange>(
    (recipe) => changeRun({ path: { run_id: runId }, body: { recipe } }),
    "The run was not changed",
  );
}

/** Queues a new run of what a run trained: with the fix of a finding, or on other data. */
export function useForkRun(runId: string, onFork?: (run: Run) => void) {
  return useControl<ForkRequest>(
    (body) =>
      forkRun({
        path: { run_id: runId },
        body,
        headers: { "Idempotency-Key": crypto.randomUUID() },
      }),
    "The run was not forked",
    (run) => {
      toast({ title: `Run ${run.number} is queued`, description: run.fork?.title, tone: "ok" });
      onFork?.(run);
    },
  );
}

/** Goes on to so many epochs in all; null to those of the recipe. */
export function useResumeRun(runId: string | null) {
  return useControl<number | null>(
    (epochs) =>
      resumeRun({ path: { run_id: runId as string }, body: epochs === null ? null : { epochs } }),
    "The run was not resumed",
    // Whoever watched it to its end has stopped listening.
    (run) => liveRuns.get(run.id).again(),
  );
}
