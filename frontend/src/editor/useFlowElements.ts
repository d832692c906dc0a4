/** The draft as React Flow's nodes and edges, and what React Flow says of them. */
import { type EdgeChange, type NodeChange, type OnNodeDrag, Position } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState } from "react";
import { nodeName } from "./draft";
import type { LayerFlowNode } from "./LayerNode";
import { type Heading, NODE_HEIGHT, NODE_WIDTH, type Point } from "./places";
import { outputOf, portOf } from "./ports";
import { useActions, useDocument, useDocumentStore } from "./store";
import type { WireFlowEdge } from "./Wire";
import { edgeKey } from "./wires";

const SIDES: Readonly<Record<Heading, { targetPosition: Position; sourcePosition: Position }>> = {
  down: { targetPosition: Position.Top, sourcePosition: Position.Bottom },
  right: { targetPosition: Position.Left, sourcePosition: Position.Right },
};

interface Size {
  width: number;
  height: number;
}

const USUAL: Size = { width: NODE_WIDTH, height: NODE_HEIGHT };

/** A layer as it was given to React Flow, and all that this depends on. */
interface Drawn {
  readonly key: string;
  readonly flow: LayerFlowNode;
}

export function useFlowElements() {
  const draft = useDocument((state) => state.draft);
  const types = useDocument((state) => state.types);
  const selection = useDocument((state) => state.selection);
  // Positions while dragging: the work changes once, when the layer is dropped.
  const [moving, setMoving] = useState<Readonly<Record<string, Point>>>({});
  const [sizes, setSizes] = useState<Readonly<Record<string, Size>>>({});
  // React Flow draws again what is another object: a layer that is as it was stays the same one.
  const drawn = useRef<ReadonlyMap<string, Drawn>>(new Map());

  const nodes = useMemo<LayerFlowNode[]>(() => {
    const selected = new Set(selection.nodes);
    const current = selection.nodes.at(-1);
    const next = draft.nodes.map((node): [string, Drawn] => {
      const [x, y] = moving[node.id] ?? draft.layout[node.id] ?? [0, 0];
      const size = sizes[node.id] ?? USUAL;
      const label = `${nodeName(node)}, ${types.get(node.type)?.title ?? node.type}`;
      const state = selected.has(node.id) ? (node.id === current ? "current" : "selected") : "";
      const key = [x, y, size.width, size.height, state, draft.heading, label].join(" ");
      const before = drawn.current.get(node.id);
      if (before?.key === key) return [node.id, before];
      const flow: LayerFlowNode = {
        id: node.id,
        type: "layer",
        position: { x, y },
        data: { current: state === "current" },
        measured: size,
        selected: state !== "",
        ...SIDES[draft.heading],
        ariaRole: "group",
        ariaLabel: label,
        // The canvas is one stop of the Tab key: its selected layer, or the canvas itself.
        domAttributes: { tabIndex: state === "current" ? 0 : -1, "aria-roledescription": "layer" },
      };
      return [node.id, { key, flow }];
    });
    drawn.current = new Map(next);
    return next.map(([, { flow }]) => flow);
  }, [draft.nodes, draft.layout, draft.heading, moving, sizes, selection.nodes, types]);

  const edges = useMemo<WireFlowEdge[]>(() => {
    const selected = new Set(selection.edges);
    return draft.edges.map((edge) => ({
      id: edgeKey(edge),
      type: "wire",
      source: edge.source,
      target: edge.target,
      sourceHandle: outputOf(draft, types, edge),
      targetHandle: portOf(draft, types, edge),
      selected: selected.has(edgeKey(edge)),
      reconnectable: "target",
    }));
  }, [draft, types, selection.edges]);

  return { nodes, edges, setMoving, ...useChanges(setMoving, setSizes) };
}

type Set<T> = (change: (old: Readonly<Record<string, T>>) => Readonly<Record<string, T>>) => void;

function useChanges(setMoving: Set<Point>, setSizes: Set<Size>) {
  const actions = useActions();
  const store = useDocumentStore();

  const onNodesChange = useCallback(
    (changes: NodeChange<LayerFlowNode>[]) => {
      for (const change of changes) {
        if (change.type === "position" && change.position && change.dragging) {
          const { x, y } = change.position;
          setMoving((old) => ({ ...old, [change.id]: [Math.round(x), Math.round(y)] }));
        } else if (change.type === "dimensions" && change.dimensions) {
          const measured = change.dimensions;
          setSizes((old) => ({ ...old, [change.id]: measured }));
        }
      }
      const { selection } = store.getState();
      const nodes = reselected(selection.nodes, changes);
      if (nodes) actions.select(nodes, selection.edges);
    },
    [actions, store, setMoving, setSizes],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireFlowEdge>[]) => {
      const { selection } = store.getState();
      const edges = reselected(selection.edges, changes);
      if (edges) actions.select(selection.nodes, edges);
    },
    [actions, store],
  );
  return { onNodesChange, onEdgesChange };
}

type Change = { type: string; id?: string; selected?: boolean };

/** The selection after these changes; null when they do not touch it. */
function reselected(before: readonly string[], changes: readonly Change[]): string[] | null {
  const after = new Set(before);
  let touched = false;
  for (const { type, id, selected } of changes) {
    if (type !== "select" || id === undefined) continue;
    touched = true;
    if (selected) after.add(id);
    else after.delete(id);
  }
  return touched ? [...after] : null;
}

/** Where dragged layers were let go. */
export function placesOf(dragged: Parameters<OnNodeDrag>[2]): Record<string, Point> {
  return Object.fromEntries(
    dragged.map(({ id, position }): [string, Point] => [
      id,
      [Math.round(position.x), Math.round(position.y)],
    ]),
  );
}
