/** Asks a run to stop; the stream tells when it has. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { stopRun } from "../api";
import { toast } from "../ui";

export function useStopRun(runId: string | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => stopRun({ path: { run_id: runId as string } }),
    onSuccess: (run) => {
      queries.setQueryData(["run", run.id], run);
      void queries.invalidateQueries({ queryKey: ["runs"] });
    },
    onError: (error) =>
      toast({ title: "The run was not stopped", description: error.message, tone: "bad" }),
  });
}
