/** The datasets inside the app. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowRight, Plus } from "lucide-react";
import { useLocation } from "wouter";
import type { DatasetSummary, Sample } from "../api";
import { addSample } from "../api/begin";
import { samplesQuery } from "../api/queries";
import { Badge, Button, ErrorNotice, formatPlural, Skeleton, Tooltip } from "../ui";

const TASKS: Record<Sample["task"], string> = {
  regression: "predicts a number",
  classification: "sorts into classes",
};

/** The datasets inside the app: one click adds one and opens it. */
export function Samples({ datasets }: { datasets: readonly DatasetSummary[] }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const samples = useQuery(samplesQuery());
  const add = useMutation({
    mutationFn: addSample,
    onSuccess: (dataset) => {
      void client.invalidateQueries({ queryKey: ["datasets"] });
      navigate(`/datasets/${dataset.id}`);
    },
  });
  const there = new Set(datasets.map((dataset) => dataset.sample));

  if (samples.error) {
    return <ErrorNotice error={samples.error} onRetry={() => samples.refetch()} />;
  }
  if (samples.isPending) return <Skeleton className="h-40" />;
  return (
    <div className="grid gap-3">
      {add.error && <ErrorNotice error={add.error} title="The sample was not added" />}
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel shadow-1">
        {samples.data.map((sample) => (
          <li key={sample.slug} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-60 flex-1">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-semibold">{sample.title}</span>
                <Badge>{TASKS[sample.task]}</Badge>
                <span className="text-xs text-ink-3">
                  {formatPlural(sample.rows, sample.kind === "images" ? "image" : "row")}
                </span>
              </p>
              <p className="text-ink-2">{sample.summary}</p>
              <Tooltip content={`${sample.source}. ${sample.terms}`}>
                <button type="button" className="text-xs text-ink-3 underline decoration-dotted">
                  Source and terms
                </button>
              </Tooltip>
            </div>
            <Button
              size="sm"
              icon={there.has(sample.slug) ? <ArrowRight /> : <Plus />}
              loading={add.isPending && add.variables === sample.slug}
              onClick={() => add.mutate(sample.slug)}
              aria-label={`${there.has(sample.slug) ? "Open" : "Add"} ${sample.title}`}
            >
              {there.has(sample.slug) ? "Open" : "Add"}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
