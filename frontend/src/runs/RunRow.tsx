/** One run in the table. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleStop, Ellipsis, Trash2, Waypoints } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { deleteRun, type RunSummary, stopRun } from "../api";
import { catalogQuery, isActive } from "../api/queries";
import {
  ConfirmDialog,
  ErrorNotice,
  formatAgo,
  formatDate,
  formatDuration,
  formatNumber,
  formatPlural,
  IconButton,
  Menu,
  Sparkline,
  toast,
} from "../ui";
import { StatePill } from "./StatePill";
import { best, duration } from "./values";

function settings({ settings: used }: RunSummary): string {
  return [
    used.optimizer,
    used.learning_rate !== null && `learning rate ${formatNumber(used.learning_rate)}`,
    used.batch_size === "all" ? "all rows at once" : `batch ${used.batch_size}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

export function RunRow({ run, now }: { run: RunSummary; now: number }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["runs"] });
  const stop = useMutation({
    mutationFn: () => stopRun({ path: { run_id: run.id } }),
    onSuccess: refresh,
    onError: (error) =>
      toast({ title: `Run ${run.number} goes on`, description: error.message, tone: "bad" }),
  });
  const remove = useMutation({
    mutationFn: () => deleteRun({ path: { run_id: run.id } }),
    onSuccess: () => {
      setAsking(false);
      toast({ title: `Run ${run.number} is deleted` });
      return refresh();
    },
  });
  const metric = best(run, useQuery(catalogQuery()).data?.metrics);
  const active = isActive(run);

  return (
    <tr
      // The link in the first cell is the way for keyboard and screen reader.
      onClick={(event) => {
        const inside =
          event.target instanceof Element && event.currentTarget.contains(event.target);
        if (inside && !(event.target as Element).closest("a, button")) navigate(`/runs/${run.id}`);
      }}
      className="cursor-pointer border-b border-line align-middle transition-colors last:border-0 hover:bg-sunken"
    >
      <th scope="row" className="py-2.5 pr-3 pl-4 font-normal">
        <Link href={`/runs/${run.id}`} className="font-semibold hover:text-accent">
          Run {run.number}
        </Link>
        <span className="mt-1 flex items-center gap-2">
          <StatePill run={run} />
        </span>
      </th>
      <td className="max-w-52 px-3 py-2.5">
        {run.network_id ? (
          <Link href={`/networks/${run.network_id}`} className="break-words hover:text-accent">
            {run.network_name}
          </Link>
        ) : (
          <span className="break-words">{run.network_name}</span>
        )}
        <span className="block text-xs text-ink-3" title={formatDate(run.created_at)}>
          {formatAgo(run.created_at, now)}
        </span>
      </td>
      <td className="max-w-44 px-3 py-2.5">
        <Link href={`/datasets/${run.dataset_id}`} className="break-words hover:text-accent">
          {run.dataset_name}
        </Link>
      </td>
      <td className="max-w-56 px-3 py-2.5 text-xs text-ink-2">
        {settings(run)}
        <span className="block text-ink-3">
          {formatPlural(run.settings.parameters, "parameter")}
        </span>
        {(run.state === "failed" || run.state === "diverged") && run.message && (
          <span className="line-clamp-3 text-bad" title={run.message}>
            {run.message}
          </span>
        )}
      </td>
      <td className="px-3 py-2.5 text-right">
        {metric ? (
          <>
            <span className="font-semibold">{metric.text}</span>
            <span className="block text-xs text-ink-3">{metric.name}</span>
          </>
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </td>
      <td className="px-3 py-2.5">
        <Sparkline values={run.spark} label={`Loss by epoch of run ${run.number}`} />
      </td>
      <td className="px-3 py-2.5 text-right whitespace-nowrap">
        {formatDuration(duration(run, now))}
        <span className="block text-xs text-ink-3">
          {run.epoch} of {formatPlural(run.epochs, "epoch")}
        </span>
      </td>
      <td className="py-2.5 pr-2">
        <Menu
          trigger={
            <IconButton size="sm" label={`Actions for run ${run.number}`} icon={<Ellipsis />} />
          }
          items={[
            ...(run.network_id
              ? [
                  {
                    label: "Open its network",
                    icon: <Waypoints />,
                    onSelect: () => navigate(`/networks/${run.network_id}`),
                  },
                ]
              : []),
            active
              ? {
                  label: "Stop and keep the best",
                  icon: <CircleStop />,
                  disabled: run.state === "stopping",
                  onSelect: () => stop.mutate(),
                }
              : {
                  label: "Delete",
                  icon: <Trash2 />,
                  tone: "danger" as const,
                  onSelect: () => setAsking(true),
                },
          ]}
        />
        <ConfirmDialog
          open={asking}
          onOpenChange={setAsking}
          title={`Delete run ${run.number}?`}
          action="Delete run"
          loading={remove.isPending}
          onConfirm={() => remove.mutate()}
        >
          <p>Its curves and its trained model cannot be brought back. The network stays.</p>
          {remove.error && <ErrorNotice error={remove.error} />}
        </ConfirmDialog>
      </td>
    </tr>
  );
}
