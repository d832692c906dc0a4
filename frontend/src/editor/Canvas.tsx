/** The canvas: the network as a picture that is edited by mouse and keyboard. */
import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type DragEvent, type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { toast } from "../ui";
import { NODE_HEIGHT, NODE_WIDTH, nodeName, type Point } from "./draft";
import { DRAGGED_TYPE } from "./drag";
import { type LayerFlowNode, LayerNode } from "./LayerNode";
import { portOf } from "./ports";
import { useActions, useDocument, useDocumentStore } from "./store";
import { Wire, type WireFlowEdge } from "./Wire";
import { edgeKey, fitsOnWire, judge } from "./wires";

const NODE_TYPES = { layer: LayerNode };
const EDGE_TYPES = { wire: Wire };
const MANY = 300;

/** Tell why something was not done. */
function refuse(title: string, reason: string | null) {
  if (reason) toast({ title, description: reason, tone: "warn" });
}

export function Canvas({ empty }: { empty?: ReactNode }) {
  return (
    <ReactFlowProvider>
      <Flow empty={empty} />
    </ReactFlowProvider>
  );
}

function Flow({ empty }: { empty?: ReactNode }) {
  const actions = useActions();
  const store = useDocumentStore();
  const flow = useReactFlow();
  const draft = useDocument((state) => state.draft);
  const types = useDocument((state) => state.types);
  const groups = useDocument((state) => state.catalog.groups);
  const selection = useDocument((state) => state.selection);
  // Positions while dragging: the work changes once, when the layer is dropped.
  const [moving, setMoving] = useState<Readonly<Record<string, Point>>>({});
  const [sizes, setSizes] = useState<Record<string, { width: number; height: number }>>({});
  // An empty canvas stays where it is when the first layer is put on it.
  const [begun] = useState(draft.nodes.length > 0);
  const wiring = useRef<{ from: string; side: "source" | "target" } | null>(null);

  const nodes = useMemo<LayerFlowNode[]>(() => {
    const selected = new Set(selection.nodes);
    return draft.nodes.map((node) => {
      const [x, y] = moving[node.id] ?? draft.layout[node.id] ?? [0, 0];
      return {
        id: node.id,
        type: "layer",
        position: { x, y },
        data: {},
        measured: sizes[node.id] ?? { width: NODE_WIDTH, height: NODE_HEIGHT },
        selected: selected.has(node.id),
        ariaLabel: `${nodeName(node)}, ${types.get(node.type)?.title ?? node.type}`,
      };
    });
  }, [draft.nodes, draft.layout, moving, sizes, selection.nodes, types]);

  const edges = useMemo<WireFlowEdge[]>(() => {
    const selected = new Set(selection.edges);
    return draft.edges.map((edge) => ({
      id: edgeKey(edge),
      type: "wire",
      source: edge.source,
      target: edge.target,
      targetHandle: portOf(draft, types, edge),
      selected: selected.has(edgeKey(edge)),
      reconnectable: "target",
    }));
  }, [draft, types, selection.edges]);

  const onNodesChange = useCallback(
    (changes: NodeChange<LayerFlowNode>[]) => {
      const next = new Set(store.getState().selection.nodes);
      let reselected = false;
      for (const change of changes) {
        if (change.type === "position" && change.position && change.dragging) {
          const { x, y } = change.position;
          setMoving((old) => ({ ...old, [change.id]: [Math.round(x), Math.round(y)] }));
        } else if (change.type === "dimensions" && change.dimensions) {
          const measured = change.dimensions;
          setSizes((old) => ({ ...old, [change.id]: measured }));
        } else if (change.type === "select") {
          reselected = true;
          if (change.selected) next.add(change.id);
          else next.delete(change.id);
        }
      }
      if (reselected) actions.select([...next], store.getState().selection.edges);
    },
    [actions, store],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireFlowEdge>[]) => {
      const next = new Set(store.getState().selection.edges);
      let reselected = false;
      for (const change of changes) {
        if (change.type !== "select") continue;
        reselected = true;
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      }
      if (reselected) actions.select(store.getState().selection.nodes, [...next]);
    },
    [actions, store],
  );

  /** The wire under a point of the screen, if there is one. */
  const wireAt = useCallback((x: number, y: number): string | null => {
    const found = document
      .elementsFromPoint(x, y)
      .find((element) => element.closest(".react-flow__edge"));
    return found?.closest(".react-flow__edge")?.getAttribute("data-id") ?? null;
  }, []);

  const placeAt = useCallback(
    (clientX: number, clientY: number): Point => {
      const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
      return [Math.round(x - NODE_WIDTH / 2), Math.round(y - NODE_HEIGHT / 2)];
    },
    [flow],
  );

  const onDrop = useCallback(
    (event: DragEvent) => {
      const type = event.dataTransfer.getData(DRAGGED_TYPE);
      if (!type) return;
      event.preventDefault();
      const at = placeAt(event.clientX, event.clientY);
      const wire = wireAt(event.clientX, event.clientY);
      if (wire && fitsOnWire(store.getState().types, type)) {
        refuse("Not put on the wire", actions.insertOn(type, wire, at));
      } else {
        actions.insertAt(type, at);
      }
    },
    [actions, placeAt, store, wireAt],
  );

  return (
    <section
      className="relative h-full min-h-0 bg-paper"
      aria-label="Canvas"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={onDrop}
      onDoubleClick={(event) => {
        if (!(event.target as Element).closest(".react-flow__pane")) return;
        const at = placeAt(event.clientX, event.clientY);
        actions.openSearch({ kind: "free", screen: [event.clientX, event.clientY], at });
      }}
    >
      <ReactFlow<LayerFlowNode, WireFlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={(event, _node, dragged) => {
          const places = Object.fromEntries(
            dragged.map(({ id, position }): [string, Point] => [
              id,
              [Math.round(position.x), Math.round(position.y)],
            ]),
          );
          setMoving({});
          const [only] = dragged;
          const wire =
            dragged.length === 1 && only && "clientX" in event
              ? spliceable(wireAt(event.clientX, event.clientY), only.id, draft.edges)
              : null;
          if (wire && only) actions.splice(only.id, wire, places[only.id] ?? [0, 0]);
          else actions.move(places);
        }}
        isValidConnection={({ source, target, targetHandle }) =>
          judge(store.getState().draft, types, source, target, targetHandle).ok
        }
        onConnect={({ source, target, targetHandle }: Connection) =>
          refuse("Not connected", actions.connect(source, target, targetHandle))
        }
        onConnectStart={(_event, { nodeId, handleType }) => {
          wiring.current = nodeId && handleType ? { from: nodeId, side: handleType } : null;
        }}
        onConnectEnd={(event, state) => {
          const wire = wiring.current;
          wiring.current = null;
          if (!wire || !("clientX" in event)) return;
          const over = state.toNode?.id;
          if (over && state.isValid !== true && over !== wire.from) {
            const [source, target] = wire.side === "source" ? [wire.from, over] : [over, wire.from];
            // Dropped on the layer beside its handle: connected, or told why not.
            refuse("Not connected", actions.connect(source, target));
          } else if (!over && (event.target as Element).closest(".react-flow__pane")) {
            const at = placeAt(event.clientX, event.clientY);
            const screen: Point = [event.clientX, event.clientY];
            actions.openSearch({ kind: "wire", screen, at, wire });
          }
        }}
        onReconnect={(old, { source, target, targetHandle }) =>
          refuse("Not connected", actions.reconnect(old.id, source, target, targetHandle))
        }
        onReconnectEnd={(_event, edge, _side, state) => {
          if (!state.isValid && !state.toNode) actions.disconnect(edge.id);
        }}
        onlyRenderVisibleElements={nodes.length > MANY}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Control", "Meta"]}
        zoomOnDoubleClick={false}
        connectionRadius={28}
        minZoom={0.1}
        maxZoom={2}
        fitView={begun}
        fitViewOptions={{ padding: 0.2, maxZoom: 1 }}
        disableKeyboardA11y
        nodesFocusable
        proOptions={{ hideAttribution: true }}
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={22}
          size={1.4}
          color="var(--line-strong)"
        />
        <Controls position="bottom-left" orientation="horizontal" showInteractive={false} />
        <MiniMap
          position="bottom-right"
          pannable
          zoomable
          ariaLabel="Map of the network"
          bgColor="var(--panel)"
          maskColor="color-mix(in srgb, var(--sunken) 70%, transparent)"
          nodeColor={(node) => {
            const group = types.get(
              draft.nodes.find(({ id }) => id === node.id)?.type ?? "",
            )?.group;
            return `var(--group-${groups.find(({ name }) => name === group)?.color ?? "core"})`;
          }}
          className="rounded-lg! border border-line"
          style={{ width: 132, height: 88 }}
        />
      </ReactFlow>
      {draft.nodes.length === 0 && empty && (
        <div className="pointer-events-none absolute inset-0 grid place-items-center p-6 [&_button]:pointer-events-auto [&_a]:pointer-events-auto">
          {empty}
        </div>
      )}
    </section>
  );
}

/** A layer without wires that is dropped on a wire goes into it. */
function spliceable(
  wire: string | null,
  id: string,
  edges: readonly { source: string; target: string }[],
): string | null {
  const wired = edges.some(({ source, target }) => source === id || target === id);
  return wired ? null : wire;
}
