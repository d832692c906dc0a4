/** Trains the network as it is: saved first, then as a new run, or one for each fold. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useLocation } from "wouter";
import { createRun, crossValidate } from "../../api";
import { type Autosave, useDocument, useDocumentStore } from "../../editor";
import { liveRuns } from "../../training";
import { toast } from "../../ui";

export interface Training {
  starting: boolean;
  /** Why it cannot start; null when it can. */
  blocked: string | null;
  train(): void;
  /** Trains once for each of so many folds, and shows them. */
  fold(folds: number): void;
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
  const [, navigate] = useLocation();
  const [starting, setStarting] = useState(false);
  const blocked = useDocument(({ datasetId, network, report }) => {
    if (datasetId === null) return "Choose a dataset in the tab Data first.";
    if (network.nodes.length === 0) return "Put layers on the canvas first.";
    if (report.failure !== null) return "The network could not be checked: see beside this button.";
    return report.answer?.ok ? null : "Mend the problems first: the list is beside this button.";
  });

  const start = useCallback(
    async (folds: number | null) => {
      setStarting(true);
      try {
        if (!(await autosave.flush())) {
          failed("The network could not be saved. See the top bar.");
          return;
        }
        const { datasetId, recipe } = store.getState();
        if (datasetId === null) return;
        const body = { network_id: id, dataset_id: datasetId, recipe };
        const headers = { "Idempotency-Key": crypto.randomUUID() };
        if (folds === null) {
          const run = await createRun({ body, headers });
          liveRuns.expect(run.id);
          queries.setQueryData(["run", run.id], run);
          onRun(run.id);
        } else {
          const made = await crossValidate({ body: { ...body, folds }, headers });
          navigate(`/cross-validations/${made.id}`);
        }
        void queries.invalidateQueries({ queryKey: ["runs"] });
      } catch (error) {
        failed(error instanceof Error ? error.message : String(error));
      } finally {
        setStarting(false);
      }
    },
    [autosave, id, navigate, onRun, queries, store],
  );

  const begin = useCallback(
    (folds: number | null) => {
      if (blocked !== null) onBlocked(blocked);
      else void start(folds);
    },
    [blocked, onBlocked, start],
  );
  const train = useCallback(() => begin(null), [begin]);
  return { starting, blocked, train, fold: begin };
}
