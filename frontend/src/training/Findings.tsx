/** What the run noticed and what it said, newest first. */
import { CircleCheck } from "lucide-react";
import type { Fix } from "../api";
import { Button, cx } from "../ui";
import type { LogLine, RunHistory } from "./live/history";

export interface FindingsProps {
  history: RunHistory;
  onApplyFix?: (fix: Fix) => void;
  className?: string;
}

export function Findings({ history, onApplyFix, className }: FindingsProps) {
  return (
    <div className={cx("flex min-w-0 flex-col gap-2", className)}>
      {history.findings.length > 0 && (
        <>
          <h3 className="text-xs font-semibold">Findings</h3>
          <ul className="grid gap-2">
            {[...history.findings].reverse().map((finding) => (
              <li
                key={finding.seq}
                className="rounded-md border border-line border-l-3 border-l-warn px-3 py-2"
              >
                {finding.node && <p className="font-semibold break-words">{finding.node}</p>}
                <p className="text-ink-2">{finding.message}</p>
                {finding.fix && onApplyFix && (
                  <Button
                    size="sm"
                    variant="ghost"
                    className="mt-1 -ml-2.5 text-accent!"
                    onClick={() => onApplyFix(finding.fix as Fix)}
                  >
                    {finding.fix.title}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3 className="text-xs font-semibold">Log</h3>
      <Log lines={history.log} />
    </div>
  );
}

const TEXT: Record<LogLine["tone"], string> = {
  neutral: "text-ink-2",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
};

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

function Log({ lines }: { lines: readonly LogLine[] }) {
  if (lines.length === 0) return <p className="text-xs text-ink-3">Nothing yet.</p>;
  return (
    <ol className="grid gap-1 text-xs" aria-label="Log, newest first">
      {[...lines].reverse().map((line) => (
        <li key={line.seq} className="flex gap-2">
          <time dateTime={line.time} className="shrink-0 font-mono text-2xs leading-4.5 text-ink-3">
            {clock.format(new Date(line.time))}
          </time>
          <span className={cx("min-w-0 break-words", TEXT[line.tone])}>
            {line.tone === "ok" && (
              <CircleCheck aria-hidden="true" className="mr-1 inline size-3 align-[-2px]" />
            )}
            {line.text}
          </span>
        </li>
      ))}
    </ol>
  );
}
