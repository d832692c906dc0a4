/** The datasets inside the app. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowRight, Plus } from "lucide-react";
import { useId, useState } from "react";
import { useLocation } from "wouter";
import type { DatasetSummary, Sample } from "../api";
import { addPoints, addSample } from "../api/begin";
import { samplesQuery } from "../api/queries";
import { Badge, Button, ErrorNotice, formatPlural, NumberInput, Skeleton, Tooltip } from "../ui";

const TASKS: Record<Sample["task"], string> = {
  regression: "predicts a number",
  classification: "sorts into classes",
  multilabel: "finds labels",
};

/** What is to be added: a sample as it is, or points of a number and a noise. */
interface Wish {
  slug: string;
  points?: { rows: number; noise: number };
}

/** The datasets inside the app, by what they hold: one click adds one and opens it. */
export function Samples({ datasets }: { datasets: readonly DatasetSummary[] }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const samples = useQuery(samplesQuery());
  const add = useMutation({
    mutationFn: ({ slug, points }: Wish) =>
      points ? addPoints(slug, points.rows, points.noise) : addSample(slug),
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
  const categories = [...new Set(samples.data.map(({ category }) => category))];
  const adding = add.isPending ? add.variables.slug : null;
  return (
    <div className="grid gap-5">
      {add.error && <ErrorNotice error={add.error} title="The sample was not added" />}
      {categories.map((category) => (
        <section key={category} aria-label={category} className="grid gap-2">
          <h3 className="font-semibold text-ink-2">{category}</h3>
          <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel shadow-1">
            {samples.data
              .filter((sample) => sample.category === category)
              .map((sample) =>
                sample.noise == null ? (
                  <SampleRow
                    key={sample.slug}
                    sample={sample}
                    there={there.has(sample.slug)}
                    adding={adding === sample.slug}
                    onAdd={() => add.mutate({ slug: sample.slug })}
                  />
                ) : (
                  <PointsRow
                    key={sample.slug}
                    sample={sample}
                    noise={sample.noise}
                    adding={adding === sample.slug}
                    onAdd={(points) => add.mutate({ slug: sample.slug, points })}
                  />
                ),
              )}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface SampleRowProps {
  sample: Sample;
  there: boolean;
  adding: boolean;
  onAdd(): void;
}

function SampleRow({ sample, there, adding, onAdd }: SampleRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <About sample={sample} size={formatPlural(sample.rows, nounOf(sample))} />
      <Button
        size="sm"
        icon={there ? <ArrowRight /> : <Plus />}
        loading={adding}
        onClick={onAdd}
        aria-label={`${there ? "Open" : "Add"} ${sample.title}`}
      >
        {there ? "Open" : "Add"}
      </Button>
    </li>
  );
}

interface PointsRowProps {
  sample: Sample;
  noise: number;
  adding: boolean;
  onAdd(points: { rows: number; noise: number }): void;
}

/** A shape of points, with how many there are to be and how noisy. */
function PointsRow({ sample, noise, adding, onAdd }: PointsRowProps) {
  const id = useId();
  const [rows, setRows] = useState<number | null>(sample.rows);
  const [percent, setPercent] = useState<number | null>(Math.round(noise * 100));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <About sample={sample} />
      <div className="flex items-center gap-2 text-xs text-ink-2">
        <label htmlFor={`${id}rows`}>Points</label>
        <span className="w-28">
          <NumberInput id={`${id}rows`} min={20} max={20_000} value={rows} onChange={setRows} />
        </span>
        <label htmlFor={`${id}noise`}>Noise</label>
        <span className="w-28">
          <NumberInput
            id={`${id}noise`}
            unit="%"
            min={0}
            max={100}
            value={percent}
            onChange={setPercent}
          />
        </span>
      </div>
      <Button
        size="sm"
        icon={<Plus />}
        loading={adding}
        onClick={() => onAdd({ rows: rows ?? sample.rows, noise: (percent ?? 0) / 100 })}
        aria-label={`Make ${sample.title}`}
      >
        Make
      </Button>
    </li>
  );
}

function About({ sample, size }: { sample: Sample; size?: string }) {
  return (
    <div className="min-w-60 flex-1">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{sample.title}</span>
        <Badge>{TASKS[sample.task]}</Badge>
        {size && <span className="text-xs text-ink-3">{size}</span>}
      </p>
      <p className="text-ink-2">{sample.summary}</p>
      <Tooltip content={`${sample.source}. ${sample.terms}`}>
        <button type="button" className="text-xs text-ink-3 underline decoration-dotted">
          Source and terms
        </button>
      </Tooltip>
    </div>
  );
}

function nounOf(sample: Sample): string {
  return sample.kind === "images" ? "image" : "row";
}
