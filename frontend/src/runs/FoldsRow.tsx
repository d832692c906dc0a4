/** The folds of a cross-validation as one row of the table. */
import { useQuery } from "@tanstack/react-query";
import { Layers3 } from "lucide-react";
import { Link, useLocation } from "wouter";
import type { RunSummary } from "../api";
import { catalogQuery, isActive } from "../api/queries";
import { formatAgo, formatDate, formatDuration, formatPlural } from "../ui";
import { duration, ofFolds } from "./values";

export function FoldsRow({ runs, now }: { runs: readonly RunSummary[]; now: number }) {
  const [, navigate] = useLocation();
  const { data: catalog } = useQuery(catalogQuery());
  const [first] = runs;
  if (!first?.cross_validation) return null;
  const href = `/cross-validations/${first.cross_validation.id}`;
  const waiting = runs.filter(isActive).length;
  const numbers = runs.map(({ number }) => number);
  const result = ofFolds(runs, catalog?.metrics);
  const seconds = runs.reduce((sum, run) => sum + (duration(run, now) ?? 0), 0);
  return (
    <tr
      // The link in the first cell is the way for keyboard and screen reader.
      onClick={(event) => {
        if (!(event.target as Element).closest("a, button")) navigate(href);
      }}
      className="cursor-pointer border-b border-line align-middle transition-colors last:border-0 hover:bg-sunken"
    >
      <th scope="row" className="py-2.5 pr-3 pl-4 font-normal">
        <Link href={href} className="font-semibold hover:text-accent">
          <Layers3 className="mr-1 inline size-3.5 text-ink-3" aria-hidden="true" />
          {formatPlural(first.cross_validation.folds, "fold")}
        </Link>
        <span className="mt-1 block text-xs text-ink-3">
          Runs {Math.min(...numbers)} to {Math.max(...numbers)}
        </span>
      </th>
      <td className="max-w-52 px-3 py-2.5">
        <span className="break-words">{first.network_name}</span>
        <span className="block text-xs text-ink-3" title={formatDate(first.created_at)}>
          {formatAgo(first.created_at, now)}
        </span>
      </td>
      <td className="max-w-44 px-3 py-2.5">
        <Link href={`/datasets/${first.dataset_id}`} className="break-words hover:text-accent">
          {first.dataset_name}
        </Link>
      </td>
      <td className="max-w-56 px-3 py-2.5 text-xs text-ink-2">
        {waiting > 0 ? `${runs.length - waiting} of ${runs.length} have ended` : "All have ended"}
        <span className="block text-ink-3">
          {formatPlural(first.settings.parameters, "parameter")}
        </span>
      </td>
      <td className="px-3 py-2.5 text-right">
        {result ? (
          <>
            <span className="font-semibold whitespace-nowrap">{result.text}</span>
            <span className="block text-xs text-ink-3">{result.name}</span>
          </>
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </td>
      <td className="px-3 py-2.5" />
      <td className="px-3 py-2.5 text-right whitespace-nowrap">{formatDuration(seconds)}</td>
      <td />
    </tr>
  );
}
