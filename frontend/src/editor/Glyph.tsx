/** The sign of a layer type: its letters on the colour of its group. */
import type { Catalog, LayerType } from "../api";

export function groupColor(catalog: Catalog, type: LayerType): string {
  const group = catalog.groups.find(({ name }) => name === type.group);
  return `var(--group-${group?.color ?? "core"})`;
}

export function Glyph({ text, color }: { text: string; color: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-6 shrink-0 place-items-center rounded-md font-mono text-2xs font-semibold text-on-group"
      style={{ background: color }}
    >
      {text}
    </span>
  );
}
