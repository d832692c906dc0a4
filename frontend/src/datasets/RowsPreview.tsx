/** A page of rows as they stand in the file. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { type Column, readRows } from "../api";
import { cx, ErrorNotice, formatCount, IconButton, Skeleton } from "../ui";

const PAGE = 20;
/** Columns drawn: more than these nobody reads side by side. */
const WIDEST = 60;

export interface RowsPreviewProps {
  datasetId: string;
  version: number | undefined;
  columns: readonly Column[];
}

/** A page of rows as they stand in the file. */
export function RowsPreview({ datasetId, version, columns }: RowsPreviewProps) {
  const [offset, setOffset] = useState(0);
  const rows = useQuery({
    queryKey: ["dataset", datasetId, "rows", version, offset],
    queryFn: ({ signal }) =>
      readRows({
        signal,
        path: { dataset_id: datasetId },
        query: { offset, limit: PAGE, version },
      }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (rows.error) return <ErrorNotice error={rows.error} onRetry={() => rows.refetch()} />;
  if (rows.isPending) return <Skeleton className="h-72" />;

  const { total } = rows.data;
  const names = rows.data.columns.slice(0, WIDEST);
  const numeric = new Set(
    columns.filter((column) => column.minimum != null).map((column) => column.name),
  );
  const last = Math.min(total, offset + PAGE);
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-panel shadow-1">
      <div className="relative overflow-x-auto">
        <table
          className={cx(
            "w-full text-xs transition-opacity",
            rows.isPlaceholderData && "opacity-60",
          )}
        >
          <thead>
            <tr className="border-b border-line text-ink-2">
              <th scope="col" className="w-12 px-3 py-2 text-right font-normal text-ink-3">
                Row
              </th>
              {names.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className={cx(
                    "max-w-48 px-3 py-2 font-semibold break-words",
                    numeric.has(name) ? "text-right" : "text-left",
                  )}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.data.rows.map((row, index) => {
              const number = rows.data.offset + index + 1;
              return (
                <tr key={number} className="border-b border-line last:border-0 hover:bg-sunken">
                  <td className="px-3 py-1.5 text-right text-ink-3">{formatCount(number)}</td>
                  {names.map((name, column) => {
                    const value = row[column];
                    return (
                      <td
                        key={name}
                        className={cx(
                          "max-w-64 truncate px-3 py-1.5",
                          numeric.has(name) && "text-right",
                        )}
                        title={typeof value === "string" && value.length > 30 ? value : undefined}
                      >
                        {value === null || value === undefined ? (
                          <span className="text-ink-3 italic">missing</span>
                        ) : (
                          String(value)
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <footer className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-3 py-1.5 text-xs text-ink-2">
        <span aria-live="polite">
          Rows {formatCount(offset + 1)} to {formatCount(last)} of {formatCount(total)}
          {rows.data.columns.length > WIDEST &&
            `, the first ${WIDEST} of ${formatCount(rows.data.columns.length)} columns`}
        </span>
        <span className="flex gap-1">
          <IconButton
            size="sm"
            label="Rows before"
            icon={<ChevronLeft />}
            disabled={offset === 0}
            onClick={() => setOffset(Math.max(0, offset - PAGE))}
          />
          <IconButton
            size="sm"
            label="Rows after"
            icon={<ChevronRight />}
            disabled={last >= total}
            onClick={() => setOffset(offset + PAGE)}
          />
        </span>
      </footer>
    </div>
  );
}
