/** In the inspector of layers that compute with the same weights. */
import { Link2, Unlink2 } from "lucide-react";
import { Button } from "../ui";
import { type DraftNode, findNode, nodeName } from "./draft";
import { sharers } from "./sharing";
import { useActions, useDocument } from "./store";

export function SharedNote({ node }: { node: DraftNode }) {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const others = (sharers(draft, node.id) ?? []).filter((id) => id !== node.id);
  if (others.length === 0) return null;
  const names = others.map((id) => {
    const other = findNode(draft, id);
    return other ? nodeName(other) : id;
  });
  return (
    <section className="grid gap-2 rounded-lg bg-accent-soft px-3 py-2.5 text-xs">
      <p className="flex gap-2">
        <Link2 className="mt-0.5 size-3.5 shrink-0 text-accent" aria-hidden="true" />
        <span>
          Computes with the same weights as <b>{names.join(", ")}</b>.
          {node.shares && " Its parameters are set there."}
        </span>
      </p>
      {node.shares && (
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => actions.selectLender(node.id)}>
            Go there
          </Button>
          <Button size="sm" icon={<Unlink2 />} onClick={() => actions.ownWeights()}>
            Give it its own weights
          </Button>
        </div>
      )}
    </section>
  );
}
