/** What the doctor noticed, with the change that mends it; and what the run said, newest first. */
import { CircleCheck, GitFork, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { memo } from "react";
import type { Fix, LoggedFinding, Run } from "../api";
import { Button, cx, ReadMore, Tooltip } from "../ui";
import { sayPath } from "./layers/paths";
import type { LogLine, RunHistory } from "./live/history";
import { useForkRun } from "./useRunControl";

export interface FindingsProps {
  runId: string;
  history: RunHistory;
  /** Make the change in the editor, without training. */
  onApplyFix?: (fix: Fix) => void;
  /** Show a layer, by its path, on the canvas. */
  onLayer?: (path: string) => void;
  /** A run with the change was queued. */
  onFork?: (run: Run) => void;
  className?: string;
}

export function Findings({ runId, history, className, ...handlers }: FindingsProps) {
  return (
    <section
      aria-label="Findings and log"
      className={cx("flex min-w-0 flex-col gap-2", className)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard
      tabIndex={0}
    >
      {history.findings.length > 0 && (
        <>
          <h3 className="text-xs font-semibold">Findings</h3>
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-2" aria-label="Findings, newest first">
            {[...history.findings].reverse().map((finding) => (
              <Entry key={finding.seq} runId={runId} finding={finding} {...handlers} />
            ))}
          </ul>
        </>
      )}
      <h3 className="text-xs font-semibold">Log</h3>
      <Log lines={history.log} />
    </section>
  );
}

const LOOKS = {
  error: { icon: OctagonAlert, border: "border-l-bad", text: "text-bad", says: "Error" },
  warning: { icon: TriangleAlert, border: "border-l-warn", text: "text-warn", says: "Warning" },
  suggestion: { icon: Info, border: "border-l-accent", text: "text-accent", says: "Suggestion" },
} as const;

interface EntryProps extends Omit<FindingsProps, "history" | "className"> {
  finding: LoggedFinding;
}

function Entry({ runId, finding, onApplyFix, onLayer, onFork }: EntryProps) {
  const { icon: Icon, border, text, says } = LOOKS[finding.severity ?? "warning"];
  const fork = useForkRun(runId, onFork);
  const fix = finding.fix as Fix | null | undefined;
  const layer = finding.layer ?? finding.node;
  return (
    <li className={cx("grid gap-1 rounded-md border border-line border-l-3 px-3 py-2", border)}>
      <p className="flex items-start gap-1.5 font-semibold">
        <Icon aria-label={says} className={cx("mt-0.5 size-3.5 shrink-0", text)} />
        <span className="min-w-0 break-words">{finding.title || "About the data"}</span>
      </p>
      {layer &&
        (onLayer ? (
          <button
            type="button"
            className="w-fit max-w-full cursor-pointer truncate rounded-sm text-xs font-semibold text-accent hover:underline"
            onClick={() => onLayer(layer)}
          >
            {sayPath(layer)}
          </button>
        ) : (
          <p className="truncate text-xs font-semibold text-ink-2">{sayPath(layer)}</p>
        ))}
      <p className="text-xs break-words text-ink-2">{finding.message}</p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-0.5">
        {fix && (
          <Tooltip content={`${fix.title}, and train that as a new run`}>
            <Button
              size="sm"
              icon={<GitFork />}
              loading={fork.isPending}
              onClick={() => fork.mutate({ finding: finding.seq })}
            >
              Fork with fix
            </Button>
          </Tooltip>
        )}
        {fix && onApplyFix && (
          <Button
            size="sm"
            variant="ghost"
            className="h-auto! min-h-7 px-0! text-left whitespace-normal! text-accent!"
            onClick={() => onApplyFix(fix)}
          >
            {fix.title}
          </Button>
        )}
        {finding.title && (
          <ReadMore kind="findings" type={finding.code} title={finding.title.toLowerCase()} />
        )}
      </p>
    </li>
  );
}
const TEXT: Record<LogLine["tone"], string> = {
  neutral: "text-ink-2",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
};

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

const Log = memo(function Log({ lines }: { lines: readonly LogLine[] }) {
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
});
