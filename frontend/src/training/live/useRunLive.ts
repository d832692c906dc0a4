/** A run as it is now: what the server knows of it, and what its events have told so far. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { type Run, readRun } from "../../api";
import { liveRuns } from "./browser";
import type { Connection } from "./client";
import { isTerminal, type RunState } from "./events";
import { RunHistory } from "./history";
import type { LiveSnapshot } from "./store";

export interface RunLive {
  run: Run | undefined;
  /** Why the run could not be read. */
  error: unknown;
  /** Everything the events told: curves, findings, log, layers. The same object, growing. */
  history: RunHistory;
  /** Changes with every batch of events; a dependency for what reads `history`. */
  version: number;
  connection: Connection;
  state: RunState | null;
  message: string;
  epoch: number;
  epochs: number;
  bestEpoch: number | null;
  layers: RunHistory["layers"];
  finished: boolean;
}

const NOTHING: LiveSnapshot = { history: new RunHistory(), connection: "idle", version: 0 };
const unwatched = () => () => {};
const nothing = () => NOTHING;

/** Watch a run; null watches nothing. */
export function useRunLive(runId: string | null): RunLive {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => readRun({ path: { run_id: runId as string }, signal }),
    enabled: runId !== null,
  });
  const gone = query.isError && query.data === undefined;
  const live = runId === null || gone ? null : liveRuns.get(runId);
  const { history, connection, version } = useSyncExternalStore(
    live?.subscribe ?? unwatched,
    live?.snapshot ?? nothing,
  );
  const run = query.data;
  // What the events say is newer, unless the stream has not caught up with the answer yet.
  const behind = history.lastSeq < (run?.last_seq ?? 0);
  const state = (behind ? run?.state : (history.state ?? run?.state)) ?? null;

  const eventState = history.state;
  const known = run?.state;
  useEffect(() => {
    // The run's own answer (device, recipe in full, best values) changes with its state.
    if (eventState === null || known === undefined || eventState === known || behind) return;
    void queries.invalidateQueries({ queryKey: ["run", runId] });
    void queries.invalidateQueries({ queryKey: ["runs"] });
  }, [queries, runId, eventState, known, behind]);

  const changes = history.changes.length;
  const told = run?.changes?.filter((change) => change.step !== null).length;
  useEffect(() => {
    // The recipe was changed, perhaps in another window.
    if (told === undefined || changes <= told || behind) return;
    void queries.invalidateQueries({ queryKey: ["run", runId] });
  }, [queries, runId, changes, told, behind]);

  return {
    run,
    error: gone ? query.error : null,
    history,
    version,
    connection,
    state,
    message: (behind ? run?.message : history.message || run?.message) ?? "",
    epoch: Math.max(history.epoch, run?.epoch ?? 0),
    epochs: run?.epochs ?? 0,
    bestEpoch: history.bestEpoch,
    layers: history.layers,
    finished: isTerminal(state),
  };
}
