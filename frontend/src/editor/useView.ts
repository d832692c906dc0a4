/** What of the canvas is in view, and ways to change it. */
import {
  getViewportForBounds,
  type ReactFlowInstance,
  useReactFlow,
  useStore,
  useStoreApi,
} from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import {
  type Heading,
  join,
  type Layout,
  NODE_HEIGHT,
  NODE_WIDTH,
  type Point,
  split,
} from "./places";
import type { DocumentStore } from "./state";
import { useDocumentStore } from "./store";

export interface View {
  zoomIn(): void;
  zoomOut(): void;
  /** The whole network. */
  fit(): void;
  /** The whole network where it can be read as a whole, of a longer one the beginning. */
  begin(): void;
  fullSize(): void;
  /** Bring a layer into view, if it is not there. */
  reveal(id: string): void;
  /** Where to open a search, in the middle of the screen. */
  middle(): { screen: Point };
}

/** How small and how large layers can be shown. */
export const LEAST = 0.1;
export const MOST = 2;
/** Smaller than this, nobody reads what a layer is. */
const LEGIBLE = 0.5;
/** How large the beginning is shown of what is not legible as a whole. */
const BEGINNING = 0.8;
const ZOOM_STEP = 1.2;
const SEARCH_WIDTH = 300;
const MARGIN = 24;

/** The whole network above the zoom controls, never larger than full size. */
const FIT = {
  padding: { top: "24px", bottom: "60px", x: "6%" },
  maxZoom: 1,
} as const;

function duration(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 180;
}

export function useView(): View {
  const flow = useReactFlow();
  const canvas = useStoreApi();
  const store = useDocumentStore();
  const aim = useRef({ zoom: 1, until: 0 });
  return useMemo(() => {
    // Pressed twice in a row, a key zooms on from where the first press is still going.
    const zoomTo = (next: (zoom: number) => number) => {
      const under = performance.now() < aim.current.until;
      const zoom = Math.min(MOST, Math.max(LEAST, next(under ? aim.current.zoom : flow.getZoom())));
      aim.current = { zoom, until: performance.now() + duration() };
      void flow.zoomTo(zoom, { duration: duration() });
    };
    return {
      zoomIn: () => zoomTo((zoom) => zoom * ZOOM_STEP),
      zoomOut: () => zoomTo((zoom) => zoom / ZOOM_STEP),
      // The layout may just have changed: it is measured in the next frame.
      fit: () => requestAnimationFrame(() => void flow.fitView({ ...FIT, duration: duration() })),
      begin: () =>
        requestAnimationFrame(() => {
          const to = beginning(flow, store, canvas.getState());
          void flow.setViewport(to, { duration: duration() });
        }),
      fullSize: () => zoomTo(() => 1),
      reveal: (id) => {
        const { width, height, transform } = canvas.getState();
        const to = revealing(store, id, { width, height }, transform);
        if (to) void flow.setViewport(to, { duration: duration() });
      },
      middle: () => {
        const box = canvas.getState().domNode?.getBoundingClientRect();
        if (!box) return { screen: [(innerWidth - SEARCH_WIDTH) / 2, innerHeight / 4] };
        return {
          screen: [
            box.left + (box.width - SEARCH_WIDTH) / 2,
            box.top + Math.min(80, box.height / 6),
          ],
        };
      },
    };
  }, [flow, canvas, store]);
}

/**
 * A network that is there at first is shown from its beginning. When the canvas gets larger or
 * smaller, what was shown as a whole or from its beginning is so again; of any other view, what is
 * in the middle stays there.
 */
export function useSteadyMiddle(begun: boolean): void {
  const flow = useReactFlow();
  const store = useDocumentStore();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const before = useRef({ width: 0, height: 0 });
  useEffect(() => {
    const [old, size] = [before.current, { width, height }];
    if (width === 0 || height === 0) return;
    before.current = size;
    if (old.width === 0) {
      if (begun) void flow.setViewport(beginning(flow, store, size));
      return;
    }
    const { x, y, zoom } = flow.getViewport();
    if (near(beginning(flow, store, old), { x, y, zoom })) {
      void flow.setViewport(beginning(flow, store, size));
      return;
    }
    if (near(fitted(flow, old), { x, y, zoom })) {
      void flow.setViewport(fitted(flow, size));
      return;
    }
    const [dx, dy] = [(width - old.width) / 2, (height - old.height) / 2];
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom });
  }, [flow, store, begun, width, height]);
}

interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

interface Size {
  width: number;
  height: number;
}

/** The viewport that shows the whole network on a canvas of this size. */
function fitted(flow: ReactFlowInstance, size: Size): Viewport {
  const bounds = flow.getNodesBounds(flow.getNodes());
  return getViewportForBounds(bounds, size.width, size.height, LEAST, FIT.maxZoom, FIT.padding);
}

function beginning(flow: ReactFlowInstance, store: DocumentStore, size: Size): Viewport {
  const whole = fitted(flow, size);
  const { layout, heading } = store.getState().draft;
  return whole.zoom >= LEGIBLE ? whole : startOf(layout, heading, size);
}

/** The first layers along the flow, large enough to be read, at the edge where the flow begins. */
export function startOf(layout: Layout, heading: Heading, size: Size): Viewport {
  const places = Object.values(layout).map((at) => split(at, heading));
  const first = Math.min(...places.map(({ along }) => along));
  const row = places.filter(({ along }) => along === first).map(({ across }) => across);
  const middle = (Math.min(...row) + Math.max(...row)) / 2;
  const down = heading === "down";
  const half = ((down ? NODE_WIDTH : NODE_HEIGHT) / 2 + middle) * BEGINNING;
  const along = MARGIN - first * BEGINNING;
  const across = (down ? size.width : size.height) / 2 - half;
  const [x, y] = join(along, across, heading);
  return { x, y, zoom: BEGINNING };
}

function near(a: Viewport, b: Viewport): boolean {
  return Math.abs(a.x - b.x) < 2 && Math.abs(a.y - b.y) < 2 && Math.abs(a.zoom - b.zoom) < 0.01;
}

/** The viewport moved just so far that the layer is whole in it; null when it is already. */
function revealing(
  store: DocumentStore,
  id: string,
  size: Size,
  [x, y, zoom]: readonly [number, number, number],
): Viewport | null {
  const place = store.getState().draft.layout[id];
  if (!place || size.width === 0) return null;
  const left = place[0] * zoom + x;
  const top = place[1] * zoom + y;
  const dx = shift(left, left + NODE_WIDTH * zoom, size.width);
  const dy = shift(top, top + NODE_HEIGHT * zoom, size.height);
  return dx === 0 && dy === 0 ? null : { x: x + dx, y: y + dy, zoom };
}

function shift(begin: number, end: number, room: number): number {
  if (begin < MARGIN) return MARGIN - begin;
  if (end > room - MARGIN) return Math.max(MARGIN - begin, room - MARGIN - end);
  return 0;
}
