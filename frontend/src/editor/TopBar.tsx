/** The editor's top bar: name, saved state, history, problems, size, and Train. */
import { useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, formatBytes, formatCount, IconButton, Kbd, keyName, Pill, toast } from "../ui";
import type { SaveState } from "./autosave";
import { wayTo } from "./blocks/level";
import { EDITOR_COMMANDS, type Tools } from "./commands";
import { placeOf, severityOf, summaryOf } from "./report";
import { useActions, useDocument, useHistory } from "./store";

export interface TopBarProps {
  save: SaveState;
  tools: Tools;
  onRetry(): void;
  starting: boolean;
  /** Why Train cannot be pressed; null when it can. */
  blocked: string | null;
  /** What the network is trained on. */
  dataset: ReactNode;
}

export function TopBar({ save, tools, onRetry, starting, blocked, dataset }: TopBarProps) {
  const past = useHistory((history) => history.pastStates.length);
  const future = useHistory((history) => history.futureStates.length);
  const answer = useDocument((state) => state.report.answer);
  // An empty canvas is no mistake yet: what is missing is said on it.
  const empty = useDocument((state) => state.network.nodes.length === 0);
  return (
    <header
      data-pane="top"
      className="flex h-13 min-w-0 shrink-0 items-center gap-2 border-b border-line bg-panel px-4"
    >
      <Name />
      <Saved save={save} onRetry={onRetry} onRevisions={tools.host.showRevisions} />
      <CommandButton id="undo" tools={tools} disabled={past === 0} />
      <CommandButton id="redo" tools={tools} disabled={future === 0} />
      <CommandButton id="tidy" tools={tools} />
      <CommandButton id="turn" tools={tools} />
      <span className="flex-1" />
      {!empty && <Problems />}
      {answer && !empty && (
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
        // It can be pressed all the same: then it says what is missing.
        aria-disabled={blocked !== null}
        title={blocked ?? `Train (${keyName("Mod")} ${keyName("Enter")})`}
        onClick={tools.host.train}
      >
        Train
      </Button>
    </header>
  );
}

/** One of the editor's actions as a button, with its name and its keys. */
function CommandButton({ id, tools, disabled }: { id: string; tools: Tools; disabled?: boolean }) {
  const command = EDITOR_COMMANDS.find((each) => each.id === id);
  if (!command) return null;
  const { title, icon: Icon, keys, run } = command;
  return (
    <IconButton
      label={title}
      icon={<Icon />}
      hint={keys?.[0]?.map((key) => <Kbd key={key}>{keyName(key)}</Kbd>)}
      disabled={disabled}
      onClick={() => run(tools)}
    />
  );
}

function Name() {
  const actions = useActions();
  const name = useDocument((state) => state.network.name);
  return (
    <input
      key={name}
      aria-label="Name of the network"
      className="field-sizing-content max-w-96 min-w-16 shrink truncate rounded-md border border-transparent bg-transparent px-1.5 py-1 text-base font-semibold hover:border-line focus:border-line-strong"
      defaultValue={name}
      maxLength={200}
      onBlur={(event) => actions.setName(event.target.value.trim() || "Untitled")}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

interface SavedProps {
  save: SaveState;
  onRetry(): void;
  onRevisions(): void;
}

function Saved({ save, onRetry, onRevisions }: SavedProps) {
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
    <button
      type="button"
      title="Look at earlier revisions"
      className="rounded-sm px-1 text-xs whitespace-nowrap text-ink-3 hover:text-ink hover:underline max-lg:hidden"
      onClick={onRevisions}
    >
      {words}
    </button>
  );
}

function Problems() {
  const actions = useActions();
  const report = useDocument((state) => state.report);
  const network = useDocument((state) => state.network);
  const types = useDocument((state) => state.types);
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const { text, tone } = summaryOf(report);
  if (report.failure !== null) {
    return (
      <span className="flex min-w-0 items-center gap-2 text-xs text-bad" role="alert">
        <span className="truncate" title={report.failure}>
          Not checked: {report.failure}
        </span>
        <Button
          size="sm"
          loading={report.checking}
          onClick={() => void queries.refetchQueries({ queryKey: ["check"], type: "active" })}
        >
          Check again
        </Button>
      </span>
    );
  }
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
                  const place = placeOf(problem, (block) => wayTo(network, types, block));
                  if (place) actions.goTo(place.inside, [place.node]);
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
