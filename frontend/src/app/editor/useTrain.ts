/** Trains the network as it is: saved first, then as a new run. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { createRun } from "../../api";
import { type Autosave, useDocument, useDocumentStore } from "../../editor";
import { toast } from "../../ui";

export interface Training {
  starting: boolean;
  /** Why it cannot start; null when it can. */
  blocked: string | null;
  train(): void;
}

function failed(description: string) {
  toast({ title: "Not started", description, tone: "bad" });
}

/** `onBlocked` is called instead when it cannot start; `onRun` with the run that was begun. */
export function useTrain(
  id: string,
  autosave: Autosave,
  onRun: (run: string) => void,
  onBlocked: (reason: string) => void,
): Training {
  const store = useDocumentStore();
  const queries = useQueryClient();
  const [starting, setStarting] = useState(false);
  const blocked = useDocument(({ datasetId, network, report }) => {
    if (datasetId === null) return "Choose a dataset in the tab Data first.";
    if (network.nodes.length === 0) return "Put layers on the canvas first.";
    if (report.failure !== null) return "The network could not be checked: see beside this button.";
    return report.answer?.ok ? null : "Mend the problems first: the list is beside this button.";
  });

  const start = useCallback(async () => {
    setStarting(true);
    try {
      if (!(await autosave.flush())) {
        failed("The network could not be saved. See the top bar.");
        return;
      }
      const { datasetId, recipe } = store.getState();
      if (datasetId === null) return;
      const run = await createRun({
        body: { network_id: id, dataset_id: datasetId, recipe },
        headers: { "Idempotency-Key": crypto.randomUUID() },
      });
      queries.setQueryData(["run", run.id], run);
      void queries.invalidateQueries({ queryKey: ["runs"] });
      onRun(run.id);
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
    } finally {
      setStarting(false);
    }
  }, [autosave, id, onRun, queries, store]);

  const train = useCallback(() => {
    if (blocked !== null) onBlocked(blocked);
    else void start();
  }, [blocked, onBlocked, start]);
  return { starting, blocked, train };
}
