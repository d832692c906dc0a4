/** A wire, which tells the shape of what it carries when it is pointed at or selected. */
import {
  BaseEdge,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
} from "@xyflow/react";
import { memo, useState } from "react";
import { formatShape } from "../ui";
import { checkOf } from "./report";
import { useDocument } from "./store";

export type WireFlowEdge = Edge<Record<string, never>, "wire">;

export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const [pointed, setPointed] = useState(false);
  const { source, sourceHandleId } = props;
  const shape = useDocument((state) => {
    const check = checkOf(state, source);
    return check?.output_shapes?.[sourceHandleId ?? ""] ?? check?.output_shape;
  });
  const [path, x, y] = getBezierPath(props);
  const color = props.selected || pointed ? "var(--accent)" : "var(--line-strong)";
  return (
    <>
      <BaseEdge id={props.id} path={path} style={{ stroke: color, strokeWidth: 2 }} />
      <path
        d={path}
        fill="none"
        stroke="transparent"
        strokeWidth={22}
        onPointerEnter={() => setPointed(true)}
        onPointerLeave={() => setPointed(false)}
      />
      {(pointed || props.selected) && shape && (
        <EdgeLabelRenderer>
          <span
            className="pointer-events-none absolute rounded border border-line bg-panel px-1.5 font-mono text-2xs text-ink-2"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {formatShape(shape)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
