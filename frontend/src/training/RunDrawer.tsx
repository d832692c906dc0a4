/** The editor's bottom drawer: the network learns while it is in view. */
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Maximize2, Play } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import type { Fix, Proposal, Run, RunSummary } from "../api";
import { datasetQuery, runsQuery } from "../api/queries";
import {
  Button,
  buttonClass,
  cx,
  ErrorNotice,
  formatAgo,
  IconButton,
  Select,
  Skeleton,
  Tooltip,
} from "../ui";
import { FoldsButton } from "./FoldsButton";
import { useRunLive } from "./live/useRunLive";
import { plan } from "./plan";
import { RunControls } from "./RunControls";
import { RunProgress, RunState } from "./RunHeader";
import { RunTabs } from "./RunTabs";
import { noun } from "./states";
import { useDrawerSize } from "./useDrawerSize";

export interface RunDrawerProps {
  networkId: string;
  runId: string | null;
  onRun(id: string | null): void;
  onStart(): void;
  onFolds(folds: number): void;
  starting: boolean;
  onApplyFix?(fix: Fix): void;
  /** A run was forked from the one that is shown. */
  onFork?(run: Run): void;
  /** Show a layer, by its path, on the canvas. */
  onLayer?(path: string): void;
  /** What Train would do, for the words before the first run. */
  proposal?: Proposal;
  /** The proposal is on its way. */
  proposing?: boolean;
}

export function RunDrawer(props: RunDrawerProps) {
  const { networkId, runId, onRun, onStart, onFolds, starting, onApplyFix, onFork } = props;
  const { onLayer, proposal, proposing } = props;
  const { height, open, setOpen, handle } = useDrawerSize();
  const listed = useQuery(runsQuery({ network_id: networkId })).data?.items;
  const runs = listed ?? [];
  // Before the first run there are only words to show: the canvas has the room.
  const sized = open && !(runId === null && listed?.length === 0);
  const others = useMemo(() => listed?.filter((run) => run.id !== runId) ?? [], [listed, runId]);
  const live = useRunLive(runId);
  const dataset = useQuery({
    ...datasetQuery(live.run?.dataset_id ?? ""),
    enabled: !!live.run,
  }).data;

  // A page that is opened again shows the newest run, and goes on with it while it trains.
  const newest = runs[0]?.id ?? null;
  const restored = useRef(false);
  useEffect(() => {
    if (restored.current || newest === null) return;
    restored.current = true;
    if (runId === null) onRun(newest);
  }, [newest, runId, onRun]);

  // Pressing Train opens the drawer: what was asked for should be seen.
  useEffect(() => {
    if (starting && !open) setOpen(true);
  }, [starting, open, setOpen]);

  const active = runId !== null && !live.finished && live.error === null;
  return (
    <section
      aria-label="Run"
      data-pane="run"
      className="@container relative flex min-w-0 shrink-0 flex-col border-t border-line bg-panel narrow:col-span-2"
      style={sized ? { height } : undefined}
    >
      {sized && (
        <div
          {...handle}
          className="absolute inset-x-0 -top-1 z-10 h-2 cursor-row-resize touch-none hover:bg-accent/30 focus-visible:bg-accent/40"
        />
      )}
      <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1">
        {/* Where there are several, the choice among them says which one is shown. */}
        <h2 className={cx("text-base font-semibold", runs.length > 1 && "sr-only")}>
          {live.run ? `Run ${live.run.number}` : runId ? "Run" : "Not trained yet"}
        </h2>
        {runs.length > 1 && <RunChoice runs={runs} runId={runId} onRun={onRun} />}
        <RunState live={live} />
        <span className="flex min-w-0 flex-1 items-center gap-3 @max-2xl:order-last @max-2xl:basis-full">
          <RunProgress live={live} unit={noun(dataset?.kind)} />
        </span>
        <span className="ml-auto flex items-center gap-1.5">
          <RunControls live={live} />
          {!active && (
            <>
              <FoldsButton starting={starting} onStart={onFolds} />
              <Button size="sm" icon={<Play />} loading={starting} onClick={onStart}>
                Train
              </Button>
            </>
          )}
          {runId !== null && (
            <Tooltip content="The run on a page of its own">
              <Link
                href={`/runs/${runId}`}
                aria-label="Open the run's page"
                className={buttonClass("ghost", "sm", "w-7 px-0!")}
              >
                <Maximize2 />
              </Link>
            </Tooltip>
          )}
          <IconButton
            size="sm"
            label={open ? "Fold the drawer" : "Unfold the drawer"}
            aria-expanded={open}
            icon={open ? <ChevronDown /> : <ChevronUp />}
            onClick={() => setOpen(!open)}
          />
        </span>
      </header>
      {open &&
        (live.error != null ? (
          <div className="p-4">
            <ErrorNotice error={live.error} onRetry={() => onRun(newest)} />
          </div>
        ) : runId === null ? (
          <BeforeTraining proposal={proposal} proposing={proposing} />
        ) : live.run === undefined ? (
          <Skeleton className="m-4 flex-1" />
        ) : (
          <RunTabs
            key={runId}
            live={live}
            others={others}
            onApplyFix={onApplyFix}
            onFork={onFork}
            onLayer={onLayer}
          />
        ))}
    </section>
  );
}

function RunChoice({
  runs,
  runId,
  onRun,
}: {
  runs: readonly RunSummary[];
  runId: string | null;
  onRun(id: string): void;
}) {
  return (
    <span className="w-32">
      <Select
        label="Earlier runs of this network"
        className="h-7! text-xs!"
        placeholder="Earlier runs"
        value={runId ?? undefined}
        onChange={onRun}
        options={runs.map((run) => ({
          value: run.id,
          label: `Run ${run.number}`,
          hint: `${run.state}, ${formatAgo(run.created_at)}`,
        }))}
      />
    </span>
  );
}

/** What pressing Train will do, in words. */
function BeforeTraining({ proposal, proposing }: Pick<RunDrawerProps, "proposal" | "proposing">) {
  const words = proposal ? plan(proposal.recipe) : null;
  return (
    <div className="grid content-center gap-1.5 overflow-y-auto px-6 py-4 text-center">
      <p className="text-base font-semibold">Train to see it learn</p>
      {proposing ? (
        <Skeleton className="mx-auto h-10 w-full max-w-xl" />
      ) : (
        <p className="mx-auto max-w-xl text-ink-2">
          {words ??
            "Choose a dataset under Data; a fitting loss, optimizer and batch size are proposed under Training."}{" "}
          The curves appear here. Training goes on when the page is closed, and can be stopped at
          any time without losing the model.
        </p>
      )}
    </div>
  );
}
