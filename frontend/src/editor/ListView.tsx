/** The network as a list in order, with everything that the canvas can do with a mouse. */
import { Link2, X } from "lucide-react";
import { cx, formatShape, IconButton, Menu, toast } from "../ui";
import { findNode, nodeName } from "./draft";
import { orderOf } from "./flow";
import { checkOf } from "./report";
import { useActions, useDocument } from "./store";
import { edgeKey, judge } from "./wires";
import { headlineOf } from "./words";

export function ListView() {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const types = useDocument((state) => state.types);
  const report = useDocument((state) => state.report);
  const selected = useDocument((state) => state.selection.nodes);
  return (
    <ol className="h-full overflow-y-auto bg-paper p-4" aria-label="Layers of the network in order">
      {orderOf(draft).map((id) => {
        const node = findNode(draft, id);
        if (!node) return null;
        const name = nodeName(node);
        const targets = draft.nodes.filter((other) => judge(draft, types, id, other.id).ok);
        const wires = draft.edges.filter((edge) => edge.source === id);
        return (
          <li
            key={id}
            className={cx(
              "mx-auto mb-2 flex max-w-2xl items-center gap-3 rounded-lg border bg-panel px-3 py-2",
              selected.includes(id) ? "border-accent" : "border-line",
            )}
          >
            <button
              type="button"
              className="min-w-0 flex-1 cursor-pointer text-left"
              aria-pressed={selected.includes(id)}
              onClick={() => actions.select([id])}
            >
              <b className="text-sm font-semibold">{name}</b>{" "}
              <span className="text-xs text-ink-3">{headlineOf(node, types.get(node.type))}</span>
              <span className="block font-mono text-2xs text-ink-2">
                {formatShape(checkOf(report, id)?.output_shape)}
              </span>
            </button>
            {wires.map((edge) => (
              <span
                key={edgeKey(edge)}
                className="flex items-center gap-0.5 rounded-md bg-sunken pl-2 text-2xs text-ink-2"
              >
                → {edge.target}
                <IconButton
                  size="sm"
                  label={`Disconnect ${id} from ${edge.target}`}
                  icon={<X className="size-3" />}
                  onClick={() => actions.disconnect(edgeKey(edge))}
                />
              </span>
            ))}
            {targets.length > 0 && (
              <Menu
                trigger={<IconButton size="sm" label={`Connect ${name} to …`} icon={<Link2 />} />}
                items={targets.map((target) => ({
                  label: `${nodeName(target)} (${target.id})`,
                  onSelect: () => {
                    const refused = actions.connect(id, target.id);
                    if (refused)
                      toast({ title: "Not connected", description: refused, tone: "warn" });
                  },
                }))}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}
