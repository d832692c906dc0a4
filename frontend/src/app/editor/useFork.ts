/** Shows a run that was forked from the one in the drawer, and the network that it trains. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation } from "wouter";
import { type Run, readNetwork } from "../../api";
import { type Autosave, readWork, useActions, writeWork } from "../../editor";
import { toast } from "../../ui";

/** `onRun` is called with a run of the open network. */
export function useFork(id: string, autosave: Autosave, onRun: (run: string) => void) {
  const actions = useActions();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useCallback(
    async (run: Run) => {
      if (run.network_id !== id) {
        // The network has moved on since the run, so that the fix made another one.
        navigate(run.network_id === null ? `/runs/${run.id}` : `/networks/${run.network_id}`);
        return;
      }
      onRun(run.id);
      try {
        const network = await readNetwork({ path: { network_id: id } });
        const { revision, status } = autosave.read();
        if (network.revision === revision) return;
        autosave.offer(network);
        // With changes that are not saved yet, which version to keep is asked.
        if (status !== "saved") return;
        const work = readWork(network);
        autosave.takeTheirs(writeWork(work));
        actions.replace(work);
        void queries.invalidateQueries({ queryKey: ["networks"] });
      } catch (error) {
        const description = error instanceof Error ? error.message : String(error);
        toast({ title: "The changed network could not be read", description, tone: "warn" });
      }
    },
    [id, autosave, onRun, actions, queries, navigate],
  );
}
