/** The canvas: the network as a picture that is edited by mouse and keyboard. */
import {
  Background,
  BackgroundVariant,
  MiniMap,
  type OnNodeDrag,
  ReactFlow,
  useKeyPress,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import {
  type DragEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import { blockOf, findNode } from "./draft";
import { DRAGGED_TYPE } from "./drag";
import type { Addition } from "./insert";
import { type LayerFlowNode, LayerNode } from "./LayerNode";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./places";
import { useActions, useDocument, useDocumentStore } from "./store";
import { placesOf, useFlowElements } from "./useFlowElements";
import { LEAST, MOST, useSteadyMiddle, type View } from "./useView";
import { refuse, useWiring } from "./useWiring";
import { Wire, type WireFlowEdge } from "./Wire";
import { fitsOnWire } from "./wires";
import { ZoomControls } from "./ZoomControls";

const NODE_TYPES = { layer: LayerNode };
const EDGE_TYPES = { wire: Wire };
const MANY = 300;
const HELP = "canvas-help";

export interface CanvasProps {
  view: View;
  /** Shown while there are no layers. */
  empty?: ReactNode;
  /** A file was dropped on the canvas. */
  onFile(file: File): void;
}

export const Canvas = memo(function Canvas({ view, empty, onFile }: CanvasProps) {
  const actions = useActions();
  const store = useDocumentStore();
  const flow = useReactFlow();
  const count = useDocument((state) => state.draft.nodes.length);
  const current = useDocument((state) => state.selection.nodes.at(-1));
  const { nodes, edges, setMoving, onNodesChange, onEdgesChange } = useFlowElements();
  // An empty canvas stays where it is when the first layer is put on it.
  const [begun] = useState(count > 0);
  // While the space bar is held, a drag moves the view, also where it begins on a layer.
  const panning = useKeyPress("Space");
  const canvas = useRef<HTMLDivElement>(null);

  const placeAt = useCallback(
    (clientX: number, clientY: number): Point => {
      const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
      return [Math.round(x - NODE_WIDTH / 2), Math.round(y - NODE_HEIGHT / 2)];
    },
    [flow],
  );
  const wiring = useWiring(placeAt);
  useSteadyMiddle(begun);

  // The canvas is what the page is for: it has the focus unless something else took it.
  useEffect(() => {
    if (document.activeElement === document.body) canvas.current?.focus({ preventScroll: true });
  }, []);

  // A network that comes as a whole (proposed, pasted, restored) is shown from its beginning.
  const counted = useRef(count);
  useEffect(() => {
    if (counted.current === 0 && count > 1) view.begin();
    counted.current = count;
  }, [count, view]);

  // Turned, the network lies elsewhere; so it does when that is undone.
  const heading = useDocument((state) => state.draft.heading);
  const headed = useRef(heading);
  useEffect(() => {
    if (headed.current !== heading) view.begin();
    headed.current = heading;
  }, [heading, view]);

  // What a block holds is shown from its beginning, and so is what is around it.
  const inside = useDocument((state) => state.inside);
  const shown = useRef(inside);
  useEffect(() => {
    const changed = shown.current.join("/") !== inside.join("/");
    shown.current = inside;
    // A frame later: what says where the canvas is takes room from it first.
    if (changed) requestAnimationFrame(() => view.begin());
  }, [inside, view]);

  // What is chosen by keyboard, or added, is brought into view; what is clicked is there already.
  const pressed = useRef(false);
  useEffect(() => {
    if (current && !pressed.current) view.reveal(current);
  }, [current, view]);

  const onDrop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    const dragged = event.dataTransfer.getData(DRAGGED_TYPE);
    if (!file && !dragged) return;
    event.preventDefault();
    if (file) {
      onFile(file);
      return;
    }
    const offer = JSON.parse(dragged) as Addition;
    const at = placeAt(event.clientX, event.clientY);
    const wire = wireAt(event.clientX, event.clientY);
    if (wire && fitsOnWire(store.getState().types, offer.type)) {
      refuse("Not put on the wire", actions.insertOn(offer, wire, at));
    } else {
      actions.insertAt(offer, at);
    }
    canvas.current?.focus({ preventScroll: true });
  };

  const onNodeDragStop: OnNodeDrag<LayerFlowNode> = (event, _node, dragged) => {
    const places = placesOf(dragged);
    setMoving(() => ({}));
    const [only] = dragged;
    const wire =
      dragged.length === 1 && only && "clientX" in event
        ? spliceable(wireAt(event.clientX, event.clientY), only.id, store.getState().draft.edges)
        : null;
    if (wire && only) actions.splice(only.id, wire, places[only.id] ?? [0, 0]);
    else actions.move(places);
  };

  return (
    <section
      className="@container relative h-full min-h-0 bg-paper"
      aria-label="Canvas"
      onPointerDownCapture={() => {
        pressed.current = true;
      }}
      onPointerUpCapture={() => {
        // After the click, which is what selects.
        requestAnimationFrame(() => {
          pressed.current = false;
        });
      }}
      onDragOver={(event) => {
        const { types } = event.dataTransfer;
        if (!types.includes(DRAGGED_TYPE) && !types.includes("Files")) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={onDrop}
      onDoubleClick={(event) => {
        const place = event.target as Element;
        const id = place.closest<HTMLElement>(".react-flow__node")?.dataset.id;
        const { draft, types } = store.getState();
        if (id) {
          if (blockOf(draft, types, id)) actions.enter(id);
          return;
        }
        if (!place.closest(".react-flow__pane")) return;
        const at = placeAt(event.clientX, event.clientY);
        actions.openSearch({ kind: "free", screen: [event.clientX, event.clientY], at });
      }}
    >
      <p id={HELP} className="sr-only">
        Arrow keys walk along the network, Tab adds a layer, Enter goes to the selected layer's
        parameters, F6 to the next part of the screen. The key L shows the network as a list, the
        question mark all keys.
      </p>
      <ReactFlow<LayerFlowNode, WireFlowEdge>
        ref={canvas}
        tabIndex={current ? -1 : 0}
        aria-label="The network as a picture"
        aria-describedby={HELP}
        className="focus-visible:-outline-offset-2!"
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={onNodeDragStop}
        onPaneClick={() => canvas.current?.focus({ preventScroll: true })}
        {...wiring}
        onlyRenderVisibleElements={nodes.length > MANY}
        nodesDraggable={!panning}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Control", "Meta"]}
        zoomOnDoubleClick={false}
        connectionRadius={28}
        minZoom={LEAST}
        maxZoom={MOST}
        reconnectRadius={14}
        proOptions={{ hideAttribution: true }}
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={22}
          size={1.4}
          color="var(--line-strong)"
        />
        <ZoomControls view={view} />
        {count > 0 && <Overview />}
      </ReactFlow>
      {count === 0 && empty && (
        <div className="pointer-events-none absolute inset-0 grid place-items-center p-6 [&_button]:pointer-events-auto [&_a]:pointer-events-auto">
          {empty}
        </div>
      )}
    </section>
  );
});

/** The whole network, small, with what is in view. */
function Overview() {
  const draft = useDocument((state) => state.draft);
  const types = useDocument((state) => state.types);
  const groups = useDocument((state) => state.catalog.groups);
  return (
    <MiniMap
      position="bottom-right"
      pannable
      zoomable
      ariaLabel="Map of the network"
      bgColor="var(--panel)"
      maskColor="color-mix(in srgb, var(--sunken) 70%, transparent)"
      nodeColor={({ id }) => {
        const group = types.get(findNode(draft, id)?.type ?? "")?.group;
        return `var(--group-${groups.find(({ name }) => name === group)?.color ?? "core"})`;
      }}
      className="overflow-hidden rounded-lg border border-line @max-xl:origin-bottom-right @max-xl:scale-75 @max-sm:hidden"
      style={{ width: 132, height: 88 }}
    />
  );
}

/** The wire under a point of the screen, if there is one. */
function wireAt(x: number, y: number): string | null {
  const found = document
    .elementsFromPoint(x, y)
    .find((element) => element.closest(".react-flow__edge"));
  return found?.closest(".react-flow__edge")?.getAttribute("data-id") ?? null;
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
