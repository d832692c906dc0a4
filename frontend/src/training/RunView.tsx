/** A run on a page of its own: everything the drawer has, with room, and the recipe in full. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChartLine, GitFork, Network } from "lucide-react";
import { useMemo } from "react";
import { Link, useLocation } from "wouter";
import { createNetwork, isGone, type Run, readRun } from "../api";
import { datasetQuery, runsQuery } from "../api/queries";
import {
  Button,
  buttonClass,
  formatCount,
  formatDate,
  Skeleton,
  Tooltip,
  toast,
  Unavailable,
  useTitle,
} from "../ui";
import { DataVersion } from "./DataVersion";
import { Lineage } from "./Lineage";
import { useRunLive } from "./live/useRunLive";
import { RunControls } from "./RunControls";
import { RunProgress, RunState } from "./RunHeader";
import { RunTabs } from "./RunTabs";
import { noun } from "./states";

export function RunView({ runId }: { runId: string }) {
  const queries = useQueryClient();
  const live = useRunLive(runId);
  const { run } = live;
  useTitle(run ? `Run ${run.number} · ${run.network_name}` : "Run");
  const { data: dataset, error: noData } = useQuery({
    ...datasetQuery(run?.dataset_id ?? ""),
    enabled: !!run,
  });
  const filter = run?.network_id ? { network_id: run.network_id } : { dataset_id: run?.dataset_id };
  const [, navigate] = useLocation();
  const parentId = run?.fork?.run_id ?? null;
  const parent = useQuery({
    queryKey: ["run", parentId],
    queryFn: ({ signal }) => readRun({ path: { run_id: parentId as string }, signal }),
    enabled: parentId !== null,
    retry: false,
  }).data;
  const listed = useQuery({ ...runsQuery(filter), enabled: !!run }).data?.items;
  const others = useMemo(
    () => [
      ...(parent ? [parent] : []),
      ...(listed ?? []).filter((each) => each.id !== runId && each.id !== parent?.id),
    ],
    [listed, parent, runId],
  );

  if (live.error != null) {
    return (
      <Unavailable
        what="run"
        all="/runs"
        icon={<ChartLine />}
        error={live.error}
        onRetry={() => void queries.invalidateQueries({ queryKey: ["run", runId] })}
      />
    );
  }
  if (run === undefined) {
    return (
      <div className="grid gap-4 p-6" role="status" aria-label="Loading the run">
        <Skeleton className="h-8 w-80" />
        <Skeleton className="h-80 w-full" />
      </div>
    );
  }
  return (
    <div className="@container flex min-h-full flex-col bg-panel">
      <header className="grid gap-2.5 px-4 pt-4 pb-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-xl font-semibold">Run {run.number}</h1>
          <RunState live={live} />
          <span className="flex min-w-0 flex-1 items-center gap-3 @max-3xl:order-last @max-3xl:basis-full">
            <RunProgress live={live} unit={noun(dataset?.kind)} />
          </span>
          <span className="flex flex-wrap gap-2">
            <RunControls live={live} />
            {run.network_id && (
              <Link href={`/networks/${run.network_id}`} className={buttonClass("secondary", "sm")}>
                <Network aria-hidden="true" /> Open the network
              </Link>
            )}
            <ForkButton run={run} />
          </span>
        </div>
        <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-ink-2">
          <span>
            Network <b className="font-semibold text-ink">{run.network_name}</b>,{" "}
            {formatCount(run.parameters)} parameters
          </span>
          <span>
            Data{" "}
            {isGone(noData) ? (
              <>
                <b className="font-semibold text-ink">{run.dataset_name}</b>, which was deleted
              </>
            ) : (
              <Link
                href={`/datasets/${run.dataset_id}`}
                className="font-semibold text-accent hover:underline"
              >
                {run.dataset_name}
              </Link>
            )}
          </span>
          {run.cross_validation && (
            <span>
              <Link
                href={`/cross-validations/${run.cross_validation.id}`}
                className="font-semibold text-accent hover:underline"
              >
                Fold {run.cross_validation.fold} of {run.cross_validation.folds}
              </Link>
            </span>
          )}
          <span>Begun {formatDate(run.started_at ?? run.created_at)}</span>
        </p>
        <Lineage run={run} />
        <DataVersion run={run} dataset={dataset} onFork={(made) => navigate(`/runs/${made.id}`)} />
      </header>
      <h2 className="sr-only">What it did and left</h2>
      <RunTabs
        key={runId}
        live={live}
        others={others}
        onFork={(fork) => navigate(`/runs/${fork.id}`)}
        page
      />
    </div>
  );
}

/** A new network from exactly what this run trained, to go on from. */
function ForkButton({ run }: { run: Run }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const fork = useMutation({
    mutationFn: () =>
      createNetwork({
        body: {
          name: `${run.network_name} (from run ${run.number})`.slice(0, 200),
          architecture: run.architecture,
          dataset_id: run.dataset_id,
          recipe: run.recipe,
        },
      }),
    onSuccess: (network) => {
      void queries.invalidateQueries({ queryKey: ["networks"] });
      navigate(`/networks/${network.id}`);
    },
    onError: (error) =>
      toast({ title: "The run was not forked", description: error.message, tone: "bad" }),
  });
  return (
    <Tooltip content="A new network with this run's layers and recipe. The run stays as it is.">
      <Button size="sm" icon={<GitFork />} loading={fork.isPending} onClick={() => fork.mutate()}>
        Fork
      </Button>
    </Tooltip>
  );
}
