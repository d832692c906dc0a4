/** The runs, sortable. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import type { RunSummary } from "../api";
import { isActive } from "../api/queries";
import { cx } from "../ui";
import { FoldsRow } from "./FoldsRow";
import { RunRow } from "./RunRow";
import { folded, type Sorting, type SortKey, sortRuns } from "./sorting";
import { useNow } from "./useNow";

const COLUMNS: { key: SortKey | null; label: string; className?: string }[] = [
  { key: "number", label: "Run" },
  { key: "network", label: "Network" },
  { key: "dataset", label: "Dataset" },
  { key: null, label: "Settings" },
  { key: "best", label: "Best", className: "text-right" },
  { key: null, label: "Loss" },
  { key: "duration", label: "Duration", className: "text-right" },
];

/** The runs, sortable; a row opens its run. */
export function RunTable({ runs }: { runs: readonly RunSummary[] }) {
  const [sorting, setSorting] = useState<Sorting>({ key: "number", descending: true });
  const now = useNow(runs.some(isActive));
  const sorted = sortRuns(runs, sorting, now);

  return (
    <div className="relative overflow-x-auto rounded-xl border border-line bg-panel shadow-1">
      <table className="w-full min-w-[56rem] text-left">
        <thead>
          <tr className="border-b border-line text-xs text-ink-2">
            {COLUMNS.map(({ key, label, className }) => {
              const sorted = key === sorting.key;
              const Arrow = sorting.descending ? ArrowDown : ArrowUp;
              return (
                <th
                  key={label}
                  scope="col"
                  aria-sort={sorted ? (sorting.descending ? "descending" : "ascending") : undefined}
                  className={cx("px-3 py-2 font-semibold first:pl-4", className)}
                >
                  {key ? (
                    <button
                      type="button"
                      onClick={() =>
                        setSorting({
                          key,
                          descending: sorted ? !sorting.descending : key === "number",
                        })
                      }
                      className={cx(
                        "inline-flex items-center gap-1 rounded-sm hover:text-ink",
                        className && "flex-row-reverse",
                      )}
                    >
                      {label}
                      <Arrow
                        aria-hidden="true"
                        className={cx("size-3", sorted ? "text-accent" : "invisible")}
                      />
                    </button>
                  ) : (
                    label
                  )}
                </th>
              );
            })}
            <th scope="col" className="w-10">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {folded(sorted).map((group) =>
            group.length > 1 ? (
              <FoldsRow key={group[0]?.cross_validation?.id} runs={group} now={now} />
            ) : (
              group.map((run) => <RunRow key={run.id} run={run} now={now} />)
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
