/** A layer on the canvas: what it is, what comes out of it, and what is wrong with it. */
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { Link2, Stethoscope, TriangleAlert } from "lucide-react";
import { Fragment, memo, useEffect, useRef } from "react";
import type { LayerType } from "../api";
import { cx, formatCount, formatShape, toast } from "../ui";
import { Outline } from "./blocks/Outline";
import { blockOf, findNode, lender, nodeName } from "./draft";
import { onCanvas } from "./panes";
import { hasRoom } from "./places";
import { outputsOf, portsOf, takenInputs } from "./ports";
import { checkOf, problemsOf, severityOf } from "./report";
import { sharers } from "./sharing";
import type { Mark } from "./state";
import { useActions, useDocument } from "./store";
import { argumentsOf, headlineOf, timesOf } from "./words";

/** `current`: the layer that was selected last, from which the keyboard goes on. */
export type LayerFlowNode = Node<{ readonly current: boolean }, "layer">;

const HANDLE =
  "size-3! border-2! border-panel! bg-line-strong! hover:bg-accent! [&.connectingto]:bg-accent! after:absolute after:-inset-2.5 after:content-['']";

export const LayerNode = memo(function LayerNode(props: NodeProps<LayerFlowNode>) {
  const { id, selected, data, sourcePosition, targetPosition } = props;
  const node = useDocument((state) => findNode(state.draft, id));
  const types = useDocument((state) => state.types);
  const type = types.get(node?.type ?? "");
  const group = useDocument((state) =>
    state.catalog.groups.find((other) => other.name === type?.group),
  );
  const check = useDocument((state) => checkOf(state, id));
  const problems = useDocument((state) => problemsOf(state, id));
  const activity = useDocument((state) => state.activity[id]);
  const marks = useDocument((state) => state.marks[id]);
  const box = useRef<HTMLDivElement>(null);
  // The focus goes along with the selection, while it is on the canvas at all.
  useEffect(() => {
    if (!data.current || !onCanvas(document.activeElement)) return;
    box.current?.closest<HTMLElement>(".react-flow__node")?.focus({ preventScroll: true });
  }, [data.current]);
  const block = useDocument((state) => blockOf(state.draft, state.types, id));
  const times = useDocument(({ draft }) => timesOf(lender(draft, findNode(draft, id))));
  const shared = useDocument(({ draft }) => sharers(draft, id));
  if (!node) return null;
  const color = `var(--group-${group?.color ?? "core"})`;
  const worst = problems[0];
  const bad = worst ? severityOf(worst) : null;
  return (
    <div
      ref={box}
      className={cx(
        "relative grid h-14 w-61 grid-cols-[5px_32px_minmax(0,1fr)_auto] items-center rounded-lg border bg-panel text-left shadow-1",
        bad === "error" ? "border-bad" : bad === "warning" ? "border-warn" : "border-line",
        block && (selected ? "" : STACK),
        selected && "border-accent! ring-3 ring-accent-soft",
      )}
    >
      <span className="h-full rounded-l-lg" style={{ background: color }} />
      <span
        aria-hidden="true"
        className="grid size-6 place-items-center justify-self-end rounded-md font-mono text-2xs font-semibold text-on-group"
        style={{ background: color }}
      >
        {type?.glyph ?? "?"}
      </span>
      <span className="min-w-0 pl-2.5 leading-tight">
        <span className="flex items-baseline gap-1.5">
          <b className="truncate text-sm font-semibold" title={nodeName(node)}>
            {node.title || block?.title || type?.title || node.type}
          </b>
          {times && (
            <span
              className="rounded bg-accent-soft px-1 font-mono text-2xs font-semibold text-accent"
              title={`${times.slice(1)} copies follow each other, each with its own weights`}
            >
              {times}
            </span>
          )}
        </span>
        {block && !node.shares ? (
          <span className="flex items-center gap-1.5 text-2xs text-ink-3">
            <Outline block={block} />
            <span className="truncate">{argumentsOf(node, block)}</span>
          </span>
        ) : (
          <span className="block truncate text-2xs text-ink-3">
            {headlineOf(node, types) || node.id}
          </span>
        )}
      </span>
      <span className="pr-3 pl-2 text-right font-mono text-2xs leading-tight text-ink-2">
        <span data-shape={check?.output_shape?.join(",")}>{formatShape(check?.output_shape)}</span>
        {!!check?.parameters && (
          <span className="block text-ink-3" title={`${formatCount(check.parameters)} parameters`}>
            {formatCount(check.parameters)}
          </span>
        )}
      </span>
      {activity && (
        <span
          className="absolute right-0 bottom-0 left-1.5 h-0.75 overflow-hidden rounded-br-lg"
          title={activity.label}
        >
          <span
            className={cx(
              "block h-full opacity-75",
              { ok: "bg-ok", warn: "bg-warn", bad: "bg-bad" }[activity.tone],
            )}
            style={{ width: `${Math.round(activity.level * 100)}%` }}
          />
        </span>
      )}
      {shared && <SharedMark with={shared.filter((other) => other !== id)} />}
      {marks && !worst && <Noticed marks={marks} />}
      {worst && <ProblemBadge id={id} selected={selected} />}
      <Inputs id={id} type={type} side={targetPosition ?? Position.Top} />
      {type?.has_output !== false && <Outputs id={id} side={sourcePosition ?? Position.Bottom} />}
    </div>
  );
});

interface InputsProps {
  id: string;
  type: LayerType | undefined;
  side: Position;
}

/** A block lies on others, like a pile of cards. */
const STACK =
  "shadow-[0_3px_0_-1px_var(--panel),0_4px_0_-1px_var(--line-strong),0_7px_0_-3px_var(--panel),0_8px_0_-3px_var(--line-strong)]!";

/** The sign of a layer that the training doctor has something to say of. */
function Noticed({ marks }: { marks: readonly Mark[] }) {
  const titles = marks.map(({ title }) => title).join(", ");
  const grave = marks.some(({ severity }) => severity === "error");
  return (
    <span
      title={`In training: ${titles}`}
      className={cx(
        "absolute -top-2.5 -right-2.5 grid size-5.5 place-items-center rounded-full border",
        grave ? "border-bad/30 bg-bad-soft text-bad" : "border-warn/30 bg-warn-soft text-warn",
      )}
    >
      <Stethoscope className="size-3" aria-hidden="true" />
      <span className="sr-only">In training: {titles}</span>
    </span>
  );
}

/** The sign of layers that compute with the same weights. */
function SharedMark({ with: others }: { with: readonly string[] }) {
  return (
    <span
      className="absolute -top-2 left-3 flex items-center gap-1 rounded-full border border-line bg-raised px-1.5 text-2xs leading-4 text-ink-2"
      title={`Computes with the same weights as ${others.join(", ")}`}
    >
      <Link2 className="size-3 text-accent" aria-hidden="true" />
      shared
    </span>
  );
}

/** One handle, or one for each named output where there are several. */
function Outputs({ id, side }: { id: string; side: Position }) {
  const names = useDocument(({ draft, types }) => outputsOf(draft, types, id));
  if (names.length < 2) {
    return <Handle id={names[0] ?? null} type="source" position={side} className={HANDLE} />;
  }
  const below = side === Position.Bottom;
  return names.map((name, index) => {
    const place = { [below ? "left" : "top"]: `${((index + 1) / (names.length + 1)) * 100}%` };
    return (
      <Fragment key={name}>
        <Handle
          id={name}
          type="source"
          position={side}
          className={HANDLE}
          style={place}
          title={`Output ${name}`}
        />
        <span
          aria-hidden="true"
          className={cx(
            "pointer-events-none absolute text-2xs text-ink-3",
            below ? "-bottom-5 pl-2" : "left-full -translate-y-full pl-2",
          )}
          style={place}
        >
          {name}
        </span>
      </Fragment>
    );
  });
}

/** Lets the pointer through to the end of a wire, so that it can be pulled off. */
const TAKEN = "pointer-events-none!";

/** One handle, or one for each named input; those beyond the fewest are hollow: optional. */
function Inputs({ id, type, side }: InputsProps) {
  const taken = useDocument(({ draft, types }) => takenInputs(draft, types, id));
  const ports = useDocument(({ draft, types }) => portsOf(draft, types, id));
  if (type?.inputs.maximum === 0) return null;
  if (ports.length === 0) {
    return <Handle type="target" position={side} className={cx(HANDLE, taken && TAKEN)} />;
  }
  if (ports.length === 1) {
    return (
      <Handle id={ports[0]} type="target" position={side} className={cx(HANDLE, taken && TAKEN)} />
    );
  }
  const above = side === Position.Top;
  return ports.map((port, index) => {
    const place = { [above ? "left" : "top"]: `${((index + 1) / (ports.length + 1)) * 100}%` };
    const optional = type?.role !== "block" && index >= (type?.inputs.minimum ?? 0);
    return (
      <Fragment key={port}>
        <Handle
          id={port}
          type="target"
          position={side}
          className={cx(
            HANDLE,
            optional && "border-line-strong! bg-panel!",
            taken.split(" ").includes(port) && TAKEN,
          )}
          style={place}
          title={`Input ${port}`}
        />
        <span
          aria-hidden="true"
          className={cx(
            "pointer-events-none absolute text-2xs text-ink-3",
            above ? "-top-5 pl-2" : "right-full -translate-y-full pr-2",
          )}
          style={place}
        >
          {port}
        </span>
      </Fragment>
    );
  });
}

/** What is wrong, beside the layer; where another layer stands there, a sign until it is selected. */
function ProblemBadge({ id, selected }: { id: string; selected: boolean }) {
  const [problem] = useDocument((state) => problemsOf(state, id));
  const heading = useDocument((state) => state.draft.heading);
  const room = useDocument(({ draft }) => hasRoom(draft.layout, id, draft.heading));
  const actions = useActions();
  if (!problem) return null;
  const fix = problem.fix;
  const tone =
    severityOf(problem) === "error"
      ? "border-bad/30 bg-bad-soft text-bad"
      : "border-warn/30 bg-warn-soft text-warn";
  if (!room && !selected) {
    return (
      <span
        title={problem.message}
        className={cx(
          "absolute -top-2.5 -right-2.5 grid size-5.5 place-items-center rounded-full border",
          tone,
        )}
      >
        <TriangleAlert className="size-3" aria-hidden="true" />
        <span className="sr-only">{problem.message}</span>
      </span>
    );
  }
  return (
    <span
      className={cx(
        "nodrag absolute flex w-max max-w-64 items-start gap-2 rounded-lg border px-2 py-1 text-2xs",
        heading === "down" ? "top-1/2 left-full ml-3 -translate-y-1/2" : "top-full left-0 mt-2",
        tone,
      )}
    >
      <TriangleAlert className="mt-0.5 size-3 shrink-0" aria-hidden="true" />
      <span className="line-clamp-3" title={problem.message}>
        {problem.message}
      </span>
      {fix && (
        <button
          type="button"
          className="shrink-0 cursor-pointer font-semibold underline"
          title={fix.title}
          onClick={(event) => {
            event.stopPropagation();
            const refused = actions.applyFix(fix);
            if (refused)
              toast({ title: "The fix no longer fits", description: refused, tone: "warn" });
          }}
        >
          Fix
        </button>
      )}
    </span>
  );
}
