/** A layer on the canvas: what it is, what comes out of it, and what is wrong with it. */
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { TriangleAlert } from "lucide-react";
import { Fragment, memo } from "react";
import type { LayerType } from "../api";
import { cx, formatCount, formatShape, toast } from "../ui";
import { findNode, nodeName } from "./draft";
import { checkOf, problemsOf, severityOf } from "./report";
import { useActions, useDocument } from "./store";
import { headlineOf } from "./words";

export type LayerFlowNode = Node<Record<string, never>, "layer">;

const HANDLE =
  "size-3! border-2! border-panel! bg-line-strong! hover:bg-accent! [&.connectingto]:bg-accent! after:absolute after:-inset-2.5 after:content-['']";

export const LayerNode = memo(function LayerNode({ id, selected }: NodeProps<LayerFlowNode>) {
  const node = useDocument((state) => findNode(state.draft, id));
  const type = useDocument((state) => state.types.get(node?.type ?? ""));
  const group = useDocument((state) =>
    state.catalog.groups.find((other) => other.name === type?.group),
  );
  const check = useDocument((state) => checkOf(state.report, id));
  const problems = useDocument((state) => problemsOf(state.report, id));
  const activity = useDocument((state) => state.activity[id]);
  if (!node) return null;
  const color = `var(--group-${group?.color ?? "core"})`;
  const worst = problems[0];
  const bad = worst ? severityOf(worst) : null;
  return (
    <div
      className={cx(
        "relative grid h-14 w-61 grid-cols-[5px_32px_minmax(0,1fr)_auto] items-center rounded-lg border bg-panel text-left shadow-1",
        bad === "error" ? "border-bad" : bad === "warning" ? "border-warn" : "border-line",
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
        <b className="block truncate text-sm font-semibold" title={nodeName(node)}>
          {node.title || type?.title || node.type}
        </b>
        <span className="block truncate text-2xs text-ink-3">
          {headlineOf(node, type) || node.id}
        </span>
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
      {worst && <ProblemBadge id={id} />}
      <Inputs type={type} />
      {type?.has_output !== false && (
        <Handle type="source" position={Position.Bottom} className={HANDLE} aria-label="Output" />
      )}
    </div>
  );
});

/** One handle, or one for each named input; those beyond the fewest are hollow: optional. */
function Inputs({ type }: { type: LayerType | undefined }) {
  if (type?.role === "input") return null;
  const ports = type?.ports ?? [];
  if (ports.length === 0) {
    return <Handle type="target" position={Position.Top} className={HANDLE} aria-label="Input" />;
  }
  return ports.map((port, index) => {
    const left = `${((index + 1) / (ports.length + 1)) * 100}%`;
    const optional = index >= (type?.inputs.minimum ?? 0);
    return (
      <Fragment key={port}>
        <Handle
          id={port}
          type="target"
          position={Position.Top}
          className={cx(HANDLE, optional && "border-line-strong! bg-panel!")}
          style={{ left }}
          aria-label={`Input ${port}`}
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute -top-5 pl-2 text-2xs text-ink-3"
          style={{ left }}
        >
          {port}
        </span>
      </Fragment>
    );
  });
}

function ProblemBadge({ id }: { id: string }) {
  const [problem] = useDocument((state) => problemsOf(state.report, id));
  const actions = useActions();
  if (!problem) return null;
  const fix = problem.fix;
  return (
    <span
      className={cx(
        "nodrag absolute top-1/2 left-full ml-3 flex w-max max-w-64 -translate-y-1/2 items-start gap-2 rounded-lg border px-2 py-1 text-2xs",
        severityOf(problem) === "error"
          ? "border-bad/30 bg-bad-soft text-bad"
          : "border-warn/30 bg-warn-soft text-warn",
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
