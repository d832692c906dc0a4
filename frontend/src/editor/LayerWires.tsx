/** The wires of a layer, in order, to cut and to draw without a mouse. */
import { Cable, X } from "lucide-react";
import { Button, IconButton } from "../ui";
import { findNode, nodeName } from "./draft";
import type { Point } from "./places";
import { useActions, useDocument } from "./store";
import { edgeKey } from "./wires";

export function LayerWires({ id }: { id: string }) {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const feeds = useDocument(
    (state) => state.types.get(findNode(state.draft, id)?.type ?? "")?.has_output ?? true,
  );
  const wires = draft.edges.filter(({ source, target }) => source === id || target === id);
  const name = (other: string) => {
    const node = findNode(draft, other);
    return node ? nodeName(node) : other;
  };
  return (
    <section className="grid gap-1.5 border-t border-line pt-3">
      <h3 className="text-xs font-semibold">Wires</h3>
      {wires.length > 0 && (
        <ul className="grid gap-1">
          {wires.map((edge) => (
            <li
              key={edgeKey(edge)}
              className="flex items-center gap-1.5 rounded-md bg-sunken py-0.5 pr-1 pl-2.5 text-xs text-ink-2"
            >
              <span className="min-w-0 flex-1 break-words">
                {edge.source === id ? "to " : "from "}
                <b className="font-semibold text-ink">
                  {name(edge.source === id ? edge.target : edge.source)}
                </b>
                {edge.port && ` (${edge.port})`}
              </span>
              <IconButton
                size="sm"
                label={`Cut the wire from ${name(edge.source)} to ${name(edge.target)}`}
                icon={<X className="size-3.5" />}
                onClick={() => actions.disconnect(edgeKey(edge))}
              />
            </li>
          ))}
        </ul>
      )}
      {feeds && (
        <div>
          <Button
            size="sm"
            icon={<Cable />}
            onClick={(event) => {
              const { left, top } = event.currentTarget.getBoundingClientRect();
              const screen: Point = [left - 320, top - 120];
              actions.openSearch({ kind: "connect", screen, from: id });
            }}
          >
            Connect to …
          </Button>
        </div>
      )}
    </section>
  );
}
