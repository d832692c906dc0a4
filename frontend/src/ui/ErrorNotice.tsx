/** What went wrong, where, and how to mend it. */
import { TriangleAlert } from "lucide-react";
import { ApiError, type Where } from "../api";
import { Button } from "./Button";

export interface ErrorNoticeProps {
  error: unknown;
  onRetry?: () => void;
  title?: string;
}

/** "Row 12, column 'age'": the place of a problem, in words. */
function place(where: Where | null | undefined): string | null {
  if (!where) return null;
  const parts = [
    where.node && `Layer ${where.node}`,
    where.row && `Row ${where.row}`,
    where.column && `Column “${where.column}”`,
    where.path?.length && `Field ${where.path.join(" › ")}`,
  ].filter(Boolean);
  return parts.length ? parts.join(" · ") : null;
}

/** What went wrong, where, and how to mend it, in the server's own words. */
export function ErrorNotice({ error, onRetry, title }: ErrorNoticeProps) {
  const detail = error instanceof ApiError ? error.detail : null;
  const message = error instanceof Error ? error.message : String(error);
  const where = place(detail?.where);
  const others = (detail?.problems ?? []).filter((problem) => problem.message !== message);
  return (
    <div
      role="alert"
      className="flex gap-3 rounded-lg border border-bad/30 bg-bad-soft px-3.5 py-3"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />
      <div className="min-w-0 flex-1 text-ink">
        {title && <p className="font-semibold">{title}</p>}
        <p className="break-words">{message}</p>
        {where && <p className="mt-0.5 text-xs text-ink-2">{where}</p>}
        {others.length > 0 && (
          <ul className="mt-1.5 list-disc space-y-0.5 pl-4 text-xs text-ink-2">
            {others.slice(0, 8).map((problem) => (
              <li key={problem.message}>
                {problem.message} {place(problem.where)}
              </li>
            ))}
            {others.length > 8 && <li>and {others.length - 8} more</li>}
          </ul>
        )}
      </div>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
