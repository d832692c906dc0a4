/** Zoom out, how far it is, zoom in, and the whole network. */
import { Panel, useStore } from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { formatPercent, Kbd, Tooltip } from "../ui";
import type { View } from "./useView";

export function ZoomControls({ view }: { view: View }) {
  const zoom = formatPercent(
    useStore((state) => state.transform[2]),
    0,
  );
  return (
    <Panel
      position="bottom-left"
      className="flex divide-x divide-line overflow-hidden rounded-lg border border-line bg-panel shadow-1"
    >
      <Control label="Zoom out" shortcut="-" onClick={view.zoomOut}>
        <Minus className="size-3.5" />
      </Control>
      <Control
        label="Full size"
        name={`${zoom}: show at full size`}
        shortcut="1"
        onClick={view.fullSize}
      >
        <span className="w-12 text-center tabular-nums">{zoom}</span>
      </Control>
      <Control label="Zoom in" shortcut="+" onClick={view.zoomIn}>
        <Plus className="size-3.5" />
      </Control>
      <Control label="Show the whole network" shortcut="0" onClick={view.fit}>
        <Maximize className="size-3.5" />
      </Control>
    </Panel>
  );
}

interface ControlProps {
  label: string;
  /** Read out instead of the label. */
  name?: string;
  shortcut: string;
  onClick(): void;
  children: ReactNode;
}

function Control({ label, name, shortcut, onClick, children }: ControlProps) {
  return (
    <Tooltip
      content={
        <span className="inline-flex items-center gap-2">
          {label} <Kbd>{shortcut}</Kbd>
        </span>
      }
    >
      <button
        type="button"
        aria-label={name ?? label}
        className="grid h-8 min-w-8 place-items-center text-xs text-ink-2 -outline-offset-2 hover:bg-sunken hover:text-ink"
        onClick={onClick}
      >
        {children}
      </button>
    </Tooltip>
  );
}
