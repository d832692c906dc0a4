/** Single examples of the data: the picture or the values, and what is to be said of each. */
import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { readRows } from "../../api";
import { imageUrl } from "../../api/images";
import { formatPercent } from "../../ui";

/** Where the examples are, and what of them is worth showing. */
export interface Source {
  datasetId: string;
  version: number | undefined;
  images: boolean;
  /** The columns whose values are shown; none where a row is only a step of an example. */
  columns: readonly string[];
}

export interface ExamplesProps {
  source: Source;
  examples: readonly { row: number; probability: number; words?: ReactNode }[];
}

/** Values of a row that are shown: more nobody compares at a glance. */
const MOST_VALUES = 4;
const LONGEST = 60;

export function Examples({ source, examples }: ExamplesProps) {
  const { datasetId, version, images } = source;
  const columns = images ? [] : source.columns.slice(0, MOST_VALUES);
  const values = useQueries({
    queries: examples.map(({ row }) => ({
      queryKey: ["dataset", datasetId, "row", version, row],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        readRows({
          signal,
          path: { dataset_id: datasetId },
          query: { offset: row, limit: 1, version },
        }),
      enabled: columns.length > 0,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-1.5">
      {examples.map(({ row, probability, words }, place) => {
        const told = values[place]?.data;
        return (
          <li
            key={row}
            className="flex items-center gap-2.5 rounded-md border border-line px-2.5 py-1.5 text-xs"
          >
            {images && (
              <img
                src={imageUrl(datasetId, version, row)}
                alt={`Example ${row + 1}`}
                loading="lazy"
                className="size-10 shrink-0 rounded-sm bg-sunken object-contain [image-rendering:pixelated]"
              />
            )}
            <div className="min-w-0">
              {words}
              {told && (
                <p className="break-words">
                  {columns.map((name) => (
                    <span key={name} className="mr-2 inline-block max-w-full">
                      <span className="text-ink-3">{name}</span>{" "}
                      {short(told.rows[0]?.[told.columns.indexOf(name)])}
                    </span>
                  ))}
                </p>
              )}
              <p className="text-ink-3">
                {images ? "image" : "row"} {row + 1} · {formatPercent(probability, 0)} sure
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function short(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const text = String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
