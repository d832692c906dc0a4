/** The parameters of a layer, from its type's schema; inside a block with what its uses set. */
import { useMemo } from "react";
import type { LayerType } from "../api";
import { SchemaForm } from "../ui";
import type { FieldProblem } from "../ui/SchemaForm";
import { Exposed } from "./blocks/Exposed";
import { setBy } from "./blocks/parameters";
import { type DraftNode, defaultsOf, sameValue } from "./draft";
import { useActions, useDocument } from "./store";

export interface LayerFormProps {
  node: DraftNode;
  type: LayerType;
  problems: readonly FieldProblem[];
  /** What fields choose from, by name: of the catalogue and of the dataset. */
  lists: Readonly<Record<string, unknown>>;
}

export function LayerForm({ node, type, problems, lists }: LayerFormProps) {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const inside = useDocument((state) => state.open !== null);
  // An exposed field holds the default of what sets it.
  const values = useMemo(() => {
    const defaults = defaultsOf(type);
    const shown: Record<string, unknown> = { ...node.params };
    for (const { default: value, sets } of Object.values(draft.parameters ?? {})) {
      for (const [id, field = "", argument] of sets) {
        if (id !== node.id || argument !== undefined) continue;
        if (sameValue(value, defaults[field])) delete shown[field];
        else shown[field] = value;
      }
    }
    return shown;
  }, [draft.parameters, node, type]);
  return (
    <SchemaForm
      // What a use of a block sets is chosen in that block's own form, once there is a block.
      only={type.role === "block" ? ["block", "repeat"] : undefined}
      schema={type.params}
      values={values}
      onChange={(field, value) => {
        const name = setBy(draft, node.id, field);
        if (name === null) actions.setParam(node.id, field, value);
        else actions.setDefault(name, value === undefined ? defaultsOf(type)[field] : value);
      }}
      problems={problems}
      idPrefix={node.id}
      catalog={lists}
      beside={inside ? (field) => <Exposed target={[node.id, field]} label={field} /> : undefined}
    />
  );
}
