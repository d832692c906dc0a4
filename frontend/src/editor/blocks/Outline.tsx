/** What a block holds, as small as can be: a square of its group's colour for each layer. */
import type { Block } from "../draft";
import { orderOf } from "../flow";
import { useDocument } from "../store";

const MOST = 10;

export function Outline({ block }: { block: Block }) {
  const types = useDocument((state) => state.types);
  const groups = useDocument((state) => state.catalog.groups);
  const inner = orderOf(block).flatMap((id) => {
    const type = types.get(block.nodes.find((node) => node.id === id)?.type ?? "");
    return type && type.role !== "input" && type.role !== "output" ? [{ id, type }] : [];
  });
  const color = (group: string) => groups.find(({ name }) => name === group)?.color ?? "core";
  const titles = inner.map(({ type }) => type.title);
  return (
    <span
      className="flex shrink-0 items-center gap-0.5"
      role="img"
      aria-label={`Holds ${titles.join(", ")}`}
      title={titles.join(" → ")}
    >
      {inner.slice(0, MOST).map(({ id, type }) => (
        <span
          key={id}
          className="h-2 w-2.5 rounded-[2px]"
          style={{ background: `var(--group-${color(type.group)})` }}
        />
      ))}
      {inner.length > MOST && <span>+{inner.length - MOST}</span>}
    </span>
  );
}
