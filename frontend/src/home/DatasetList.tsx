/** The newest datasets. */
import { Database, Images } from "lucide-react";
import { Link } from "wouter";
import type { DatasetSummary } from "../api";
import { formatAgo, formatPlural, Section } from "../ui";

const SHOWN = 6;

/** The newest datasets. */
export function DatasetList({ datasets }: { datasets: readonly DatasetSummary[] }) {
  if (!datasets.length) return null;
  return (
    <Section
      title="Datasets"
      actions={
        <Link href="/datasets" className="text-accent hover:underline">
          All datasets
        </Link>
      }
    >
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-3">
        {datasets.slice(0, SHOWN).map((dataset) => {
          const Icon = dataset.kind === "images" ? Images : Database;
          return (
            <li key={dataset.id}>
              <Link
                href={`/datasets/${dataset.id}`}
                className="flex items-center gap-3 rounded-lg border border-line bg-panel px-3 py-2.5 transition-colors hover:border-accent"
              >
                <span className="grid size-8 shrink-0 place-items-center rounded-md bg-sunken text-ink-2">
                  <Icon className="size-4" aria-hidden="true" />
                </span>
                <span className="min-w-0">
                  <span className="block font-[550] break-words">{dataset.name}</span>
                  <span className="block text-xs text-ink-3">
                    {dataset.state === "ready" && dataset.rows !== null
                      ? formatPlural(dataset.rows, dataset.kind === "images" ? "image" : "row")
                      : dataset.state === "failed"
                        ? "could not be read"
                        : "being read"}
                    {" · "}
                    {formatAgo(dataset.created_at)}
                  </span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
