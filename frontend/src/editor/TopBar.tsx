/** The editor's top bar: name, saved state, history, problems, size, and Train. */
import { Play, Redo2, Network as Tree, Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, formatBytes, formatCount, IconButton, Kbd, keyName, Pill, toast } from "../ui";
import type { SaveState } from "./autosave";
import { severityOf, summaryOf } from "./report";
import { useActions, useDocument, useHistory } from "./store";

export interface TopBarProps {
  save: SaveState;
  onRetry(): void;
  onTrain(): void;
  starting: boolean;
  /** Why Train cannot be pressed; null when it can. */
  blocked: string | null;
  /** What the network is trained on. */
  dataset: ReactNode;
}

export function TopBar({ save, onRetry, onTrain, starting, blocked, dataset }: TopBarProps) {
  const actions = useActions();
  const past = useHistory((history) => history.pastStates.length);
  const future = useHistory((history) => history.futureStates.length);
  const answer = useDocument((state) => state.report.answer);
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line bg-panel px-4">
      <Name />
      <Saved save={save} onRetry={onRetry} />
      <IconButton
        label="Undo"
        icon={<Undo2 />}
        hint={<Kbd>{keyName("Mod")} Z</Kbd>}
        disabled={past === 0}
        onClick={() => actions.undo()}
      />
      <IconButton
        label="Redo"
        icon={<Redo2 />}
        hint={<Kbd>{keyName("Mod")} Y</Kbd>}
        disabled={future === 0}
        onClick={() => actions.redo()}
      />
      <IconButton label="Tidy the layout" icon={<Tree />} onClick={() => actions.tidy()} />
      <span className="flex-1" />
      <Problems />
      {answer && (
        <>
          <Pill
            className="max-lg:hidden"
            title={`${formatBytes(answer.memory)} of memory while training, estimated`}
          >
            <b data-testid="parameters">{formatCount(answer.parameters)}</b> parameters
          </Pill>
          <Pill className="max-xl:hidden" title="Operations for one example, forward">
            <b>{formatCount(answer.flops)}</b> FLOPs
          </Pill>
        </>
      )}
      {dataset}
      <Button
        variant="primary"
        icon={<Play />}
        loading={starting}
        disabled={blocked !== null}
        title={blocked ?? `Train (${keyName("Mod")} ${keyName("Enter")})`}
        onClick={onTrain}
      >
        Train
      </Button>
    </header>
  );
}

function Name() {
  const actions = useActions();
  const name = useDocument((state) => state.draft.name);
  return (
    <input
      key={name}
      aria-label="Name of the network"
      className="w-44 min-w-0 truncate rounded-md border border-transparent bg-transparent px-1.5 py-1 text-base font-semibold hover:border-line focus:border-line-strong"
      defaultValue={name}
      maxLength={200}
      onBlur={(event) => actions.setName(event.target.value.trim() || "Untitled")}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

function Saved({ save, onRetry }: { save: SaveState; onRetry(): void }) {
  if (save.status === "failed") {
    return (
      <span className="flex min-w-0 items-center gap-2 text-xs text-bad" role="alert">
        <span className="truncate" title={save.message}>
          Not saved: {save.message}
        </span>
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      </span>
    );
  }
  const words = {
    saved: `Saved · revision ${save.revision}`,
    unsaved: "Saving…",
    saving: "Saving…",
    conflict: "Changed elsewhere",
  }[save.status];
  return (
    <span className="text-xs whitespace-nowrap text-ink-3 max-lg:hidden" aria-live="polite">
      {words}
    </span>
  );
}

function Problems() {
  const actions = useActions();
  const report = useDocument((state) => state.report);
  const [open, setOpen] = useState(false);
  const { text, tone } = summaryOf(report);
  if (!report.answer && report.problems.length === 0) return null;
  return (
    <div className="relative">
      <button
        type="button"
        aria-expanded={open}
        className="cursor-pointer rounded-full"
        onClick={() => setOpen(!open && report.problems.length > 0)}
        onBlur={(event) => {
          if (!event.currentTarget.parentElement?.contains(event.relatedTarget)) setOpen(false);
        }}
      >
        <Pill tone={tone} dot>
          {text}
        </Pill>
      </button>
      {open && (
        <ul className="absolute top-full right-0 z-50 mt-2 max-h-96 w-96 animate-fade overflow-y-auto rounded-lg border border-line bg-raised p-1.5 shadow-2">
          {report.problems.map((problem) => (
            <li
              key={`${problem.where?.node} ${problem.code} ${problem.message}`}
              className="rounded-md p-2 text-xs hover:bg-sunken"
            >
              <button
                type="button"
                className="w-full cursor-pointer text-left"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  if (problem.where?.node) actions.select([problem.where.node]);
                  setOpen(false);
                }}
              >
                <b className={severityOf(problem) === "error" ? "text-bad" : "text-warn"}>
                  {problem.where?.node ?? "Network"}
                </b>{" "}
                {problem.message}
              </button>
              {problem.fix && (
                <Button
                  size="sm"
                  className="mt-1"
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => {
                    const refused = problem.fix ? actions.applyFix(problem.fix) : null;
                    if (refused)
                      toast({ title: "Not applied", description: refused, tone: "warn" });
                  }}
                >
                  {problem.fix.title}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
