/** A dataset in the list. */
import { Database, Images, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import type { DatasetSummary } from "../api";
import { formatAgo, formatDate, formatPlural, Pill, Progress } from "../ui";

/** A dataset in the list: what it is and how much. */
export function DatasetCard({ dataset }: { dataset: DatasetSummary }) {
  const Icon =
    dataset.state === "failed" ? TriangleAlert : dataset.kind === "images" ? Images : Database;
  return (
    <Link
      href={`/datasets/${dataset.id}`}
      className="flex h-full gap-3 rounded-xl border border-line bg-panel px-4 py-3.5 shadow-1 transition-[border-color,box-shadow] hover:border-accent hover:shadow-2"
    >
      <span
        className={`grid size-9 shrink-0 place-items-center rounded-lg ${dataset.state === "failed" ? "bg-bad-soft text-bad" : "bg-sunken text-ink-2"}`}
      >
        <Icon className="size-4.5" aria-hidden="true" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-start justify-between gap-2">
          <span className="min-w-0 font-semibold break-words">{dataset.name}</span>
          {dataset.sample && <Pill>sample</Pill>}
        </span>
        {dataset.state === "ready" && (
          <span className="block text-ink-2">
            {dataset.kind === "images"
              ? formatPlural(dataset.rows ?? 0, "image")
              : formatPlural(dataset.rows ?? 0, "row")}
          </span>
        )}
        {dataset.state === "failed" && (
          <span className="line-clamp-2 text-bad">
            {dataset.error?.message ?? "It could not be read."}
          </span>
        )}
        {dataset.state === "ingesting" && (
          <span className="my-1.5 block">
            <Progress value={dataset.progress ?? null} label={`Reading ${dataset.name}`} />
          </span>
        )}
        <span className="block text-xs text-ink-3" title={formatDate(dataset.created_at)}>
          {formatAgo(dataset.created_at)}
        </span>
      </span>
    </Link>
  );
}
