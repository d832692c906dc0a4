/** Three problems, each one click from an editor with everything in place. */
import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Sample } from "../api";
import type { useBegin } from "../api/begin";
import { samplesQuery } from "../api/queries";
import { cx, ErrorNotice, formatPlural, Skeleton, Spinner } from "../ui";
import { ClassesDrawing, ImagesDrawing, NumberDrawing } from "./drawings";

interface Way {
  key: string;
  title: string;
  question: string;
  drawing: ReactNode;
  fits: (sample: Sample) => boolean;
}

const WAYS: Way[] = [
  {
    key: "number",
    title: "Predict a number",
    question: "How much, how long, how many?",
    drawing: <NumberDrawing />,
    fits: (sample) => sample.kind === "table" && sample.task === "regression",
  },
  {
    key: "classes",
    title: "Sort into classes",
    question: "Which kind is it?",
    drawing: <ClassesDrawing />,
    fits: (sample) => sample.kind === "table" && sample.task === "classification",
  },
  {
    key: "images",
    title: "Recognise images",
    question: "What does the picture show?",
    drawing: <ImagesDrawing />,
    fits: (sample) => sample.kind === "images",
  },
];

export interface StartCardsProps {
  begin: ReturnType<typeof useBegin>;
  large?: boolean;
}

/** Three problems, each one click from an editor with everything in place. */
export function StartCards({ begin, large = false }: StartCardsProps) {
  const samples = useQuery(samplesQuery());
  if (samples.error) {
    return <ErrorNotice error={samples.error} onRetry={() => samples.refetch()} />;
  }
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {WAYS.map((way) => {
        const sample = samples.data?.find(way.fits);
        if (!sample) {
          return samples.isPending ? (
            <Skeleton key={way.key} className={large ? "h-64" : "h-40"} />
          ) : null;
        }
        const making = begin.pending === `sample:${sample.slug}`;
        return (
          <button
            key={way.key}
            type="button"
            aria-busy={making}
            aria-disabled={begin.pending !== null}
            onClick={() => begin.sample(sample.slug, sample.title)}
            className={cx(
              "group flex flex-col overflow-hidden rounded-xl border border-line bg-panel text-left shadow-1",
              "transition-[border-color,box-shadow,transform] hover:-translate-y-0.5 hover:border-accent hover:shadow-2 aria-disabled:cursor-progress",
            )}
          >
            <span
              aria-hidden="true"
              className={cx(
                "grid w-full place-items-center border-b border-line bg-sunken",
                large ? "h-40" : "h-24",
              )}
            >
              {way.drawing}
            </span>
            <span className="flex w-full flex-1 flex-col px-4 py-3.5">
              <span className="flex items-center justify-between gap-2">
                <span className="text-lg font-semibold">{way.title}</span>
                {making ? (
                  <Spinner className="text-accent" />
                ) : (
                  <ArrowRight className="size-4 text-ink-3 transition-transform group-hover:translate-x-0.5 group-hover:text-accent" />
                )}
              </span>
              <span className="text-ink-2">{way.question}</span>
              {large && <span className="mt-2.5 text-ink-2">{sample.summary}</span>}
              <span className="mt-auto pt-2.5 text-xs text-ink-3">
                {making
                  ? "Preparing data, network and settings …"
                  : `${sample.title} · ${formatPlural(sample.rows, sample.kind === "images" ? "image" : "row")}`}
              </span>
            </span>
          </button>
        );
      })}
    </div>
  );
}
