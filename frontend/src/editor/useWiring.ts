/** Drawing, moving and pulling off wires by hand. */
import type { ReactFlowProps } from "@xyflow/react";
import { useMemo, useRef } from "react";
import { toast } from "../ui";
import type { WireEnd } from "./insert";
import type { LayerFlowNode } from "./LayerNode";
import type { Point } from "./places";
import { useActions, useDocumentStore } from "./store";
import type { WireFlowEdge } from "./Wire";
import { judge } from "./wires";

type Handlers = Pick<
  ReactFlowProps<LayerFlowNode, WireFlowEdge>,
  | "isValidConnection"
  | "onConnect"
  | "onConnectStart"
  | "onConnectEnd"
  | "onReconnect"
  | "onReconnectEnd"
>;

/** Tell why something was not done. */
export function refuse(title: string, reason: string | null) {
  if (reason) toast({ title, description: reason, tone: "warn" });
}

/** `placeAt` gives the place of a new layer whose middle is at a point of the screen. */
export function useWiring(placeAt: (x: number, y: number) => Point): Handlers {
  const actions = useActions();
  const store = useDocumentStore();
  const drawn = useRef<WireEnd | null>(null);
  return useMemo(
    () => ({
      isValidConnection: ({ source, target, sourceHandle, targetHandle }) => {
        const { draft, types } = store.getState();
        return judge(draft, types, source, target, targetHandle, sourceHandle).ok;
      },
      onConnect: ({ source, target, sourceHandle, targetHandle }) =>
        refuse("Not connected", actions.connect(source, target, targetHandle, sourceHandle)),
      onConnectStart: (_event, { nodeId, handleId, handleType }) => {
        drawn.current =
          nodeId && handleType ? { from: nodeId, side: handleType, name: handleId } : null;
      },
      onConnectEnd: (event, state) => {
        const wire = drawn.current;
        drawn.current = null;
        if (!wire || !("clientX" in event)) return;
        const over = state.toNode?.id;
        if (over && state.isValid !== true && over !== wire.from) {
          // Dropped on the layer beside its handle: connected, or told why not.
          const refused =
            wire.side === "source"
              ? actions.connect(wire.from, over, null, wire.name)
              : actions.connect(over, wire.from, wire.name);
          refuse("Not connected", refused);
        } else if (!over && (event.target as Element).closest(".react-flow__pane")) {
          const at = placeAt(event.clientX, event.clientY);
          const screen: Point = [event.clientX, event.clientY];
          actions.openSearch({ kind: "wire", screen, at, wire });
        }
      },
      onReconnect: (old, { source, target, sourceHandle, targetHandle }) =>
        refuse(
          "Not connected",
          actions.reconnect(old.id, source, target, targetHandle, sourceHandle),
        ),
      onReconnectEnd: (_event, edge, _side, state) => {
        if (!state.isValid && !state.toNode) actions.disconnect(edge.id);
      },
    }),
    [actions, placeAt, store],
  );
}
