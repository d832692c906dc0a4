/** How tall the drawer is and whether it is open, remembered by the browser. */
import { type KeyboardEvent, type PointerEvent, useState } from "react";

const KEY = "run-drawer";
const LEAST = 180;
const USUAL = 330;
const STEP = 24;
/** What the canvas above keeps, in pixels. */
const REST = 160;

interface Stored {
  height: number;
  open: boolean;
}

function stored(): Stored {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Stored>;
    return {
      height: typeof value.height === "number" ? value.height : USUAL,
      open: value.open !== false,
    };
  } catch {
    return { height: USUAL, open: true };
  }
}

export function useDrawerSize() {
  const [{ height, open }, set] = useState(stored);
  const most = Math.max(LEAST, window.innerHeight - REST);
  const change = (next: Partial<Stored>) => {
    const value = { height, open, ...next };
    value.height = Math.round(Math.min(most, Math.max(LEAST, value.height)));
    set(value);
    try {
      localStorage.setItem(KEY, JSON.stringify(value));
    } catch {
      // Storage may be forbidden; the size then lasts as long as the page.
    }
  };

  const handle = {
    role: "separator" as const,
    tabIndex: 0,
    "aria-orientation": "horizontal" as const,
    "aria-label": "Height of the run drawer",
    "aria-valuenow": height,
    "aria-valuemin": LEAST,
    "aria-valuemax": most,
    onKeyDown: (event: KeyboardEvent) => {
      const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      change({ height: height + by });
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const bottom = event.currentTarget.parentElement?.getBoundingClientRect().bottom ?? 0;
      change({ height: bottom - event.clientY });
    },
    onDoubleClick: () => change({ height: USUAL }),
  };
  return {
    height: Math.min(height, most),
    open,
    setOpen: (next: boolean) => change({ open: next }),
    handle,
  };
}
