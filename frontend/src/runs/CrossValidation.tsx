/** A cross-validation: its folds side by side, and what they come to together. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleStop, Layers3, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import {
  type CrossValidation,
  deleteCrossValidation,
  type RunSummary,
  stopCrossValidation,
} from "../api";
import { catalogQuery, crossValidationQuery, isActive } from "../api/queries";
import {
  Button,
  ConfirmDialog,
  ErrorNotice,
  formatDuration,
  formatPlural,
  Page,
  Skeleton,
  toast,
  Unavailable,
} from "../ui";
import { StatePill } from "./StatePill";
import { useNow } from "./useNow";
import { duration, metricName, spread, valueText } from "./values";

/** A cross-validation on a page of its own. */
export default function CrossValidationPage() {
  const { id } = useParams<{ id: string }>();
  const { data, error, isPending, refetch } = useQuery(crossValidationQuery(id));
  if (isPending) {
    return (
      <Page title="Cross-validation" heading={<Skeleton className="h-8 w-64" />}>
        <Skeleton className="h-64" />
      </Page>
    );
  }
  const [first] = data?.runs ?? [];
  if (error || !first) {
    return (
      <Unavailable
        what="cross-validation"
        all="/runs"
        icon={<Layers3 />}
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  return (
    <Page
      title={`${data.folds} folds · ${first.network_name}`}
      heading={
        <>
          <Link href="/runs" className="text-xs text-ink-3 hover:text-accent">
            Runs
          </Link>
          <h1 className="text-2xl font-semibold tracking-tight break-words">
            {data.folds} folds of {first.network_name}
          </h1>
          <p className="text-ink-2">
            Data{" "}
            <Link
              href={`/datasets/${first.dataset_id}`}
              className="font-semibold text-accent hover:underline"
            >
              {first.dataset_name}
            </Link>
            . Each fold validated once while the others trained; the test part is in none of them.
          </p>
        </>
      }
      actions={<Actions found={data} />}
    >
      <FoldsTable found={data} />
    </Page>
  );
}

function Actions({ found }: { found: CrossValidation }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const path = { cross_validation_id: found.id };
  const active = found.runs.some(isActive);
  const stop = useMutation({
    mutationFn: () => stopCrossValidation({ path }),
    onSuccess: (told) => client.setQueryData(["cross-validation", found.id], told),
    onError: (error) =>
      toast({ title: "The folds go on", description: error.message, tone: "bad" }),
  });
  const remove = useMutation({
    mutationFn: () => deleteCrossValidation({ path }),
    onSuccess: () => {
      toast({ title: `${formatPlural(found.runs.length, "run")} deleted` });
      void client.invalidateQueries({ queryKey: ["runs"] });
      navigate("/runs");
    },
  });
  if (active) {
    return (
      <Button icon={<CircleStop />} loading={stop.isPending} onClick={() => stop.mutate()}>
        Stop all
      </Button>
    );
  }
  return (
    <>
      <Button icon={<Trash2 />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Delete the runs of all ${found.runs.length} folds?`}
        action="Delete all folds"
        loading={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>Their curves and trained models cannot be brought back. The network stays.</p>
        {remove.error && <ErrorNotice error={remove.error} />}
      </ConfirmDialog>
    </>
  );
}

function FoldsTable({ found }: { found: CrossValidation }) {
  const now = useNow(found.runs.some(isActive));
  const { data: catalog } = useQuery(catalogQuery());
  const validated = found.scores.filter(({ name }) => name.startsWith("val_"));
  const scores = validated.length > 0 ? validated : found.scores;
  const cell = "px-3 py-2.5 text-right tabular-nums";
  return (
    <div className="relative overflow-x-auto rounded-xl border border-line bg-panel shadow-1">
      <table className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-xs text-ink-2">
            <th scope="col" className="py-2 pr-3 pl-4 font-semibold">
              Fold
            </th>
            <th scope="col" className="px-3 py-2 font-semibold">
              State
            </th>
            {scores.map(({ name }) => (
              <th
                key={name}
                scope="col"
                className="px-3 py-2 text-right font-semibold first-letter:uppercase"
              >
                {metricName(name, catalog?.metrics)}
              </th>
            ))}
            <th scope="col" className="px-3 py-2 text-right font-semibold">
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {found.runs.map((run, place) => (
            <tr key={run.id} className="border-b border-line">
              <th scope="row" className="py-2.5 pr-3 pl-4 font-normal">
                <Link href={`/runs/${run.id}`} className="font-semibold hover:text-accent">
                  Fold {run.cross_validation?.fold}
                </Link>
                <span className="block text-xs text-ink-3">Run {run.number}</span>
              </th>
              <td className="px-3 py-2.5">
                <StatePill run={run} />
                <Trouble run={run} />
              </td>
              {scores.map(({ name, values }) => (
                <td key={name} className={cell}>
                  {valueText(name, values[place])}
                </td>
              ))}
              <td className={`${cell} whitespace-nowrap`}>{formatDuration(duration(run, now))}</td>
            </tr>
          ))}
        </tbody>
        {scores.length > 0 && (
          <tfoot>
            <tr className="bg-sunken font-semibold">
              <th scope="row" colSpan={2} className="py-2.5 pr-3 pl-4">
                Mean ± standard deviation
              </th>
              {scores.map((score) => (
                <td key={score.name} className={`${cell} whitespace-nowrap`}>
                  {spread(score.name, score)}
                </td>
              ))}
              <td />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Trouble({ run }: { run: RunSummary }) {
  if ((run.state !== "failed" && run.state !== "diverged") || !run.message) return null;
  return <span className="mt-1 line-clamp-3 text-xs text-bad">{run.message}</span>;
}
