/** In the inspector of a block that is used: what it holds, its name, and what this use sets. */
import { BookmarkPlus, PackageOpen, Ungroup } from "lucide-react";
import { type RefObject, useMemo } from "react";
import { Button, Field, formatPlural, Input, NetworkPicture, SchemaForm, toast } from "../../ui";
import type { FieldProblem } from "../../ui/SchemaForm";
import { writeBlock } from "../document";
import type { Block, DraftNode } from "../draft";
import { useActions, useDocument } from "../store";
import { Exposed } from "./Exposed";
import { schemaOf } from "./parameters";
import { useSavedBlocks } from "./useSavedBlocks";
import { usesOf } from "./uses";

export interface BlockFormProps {
  node: DraftNode;
  name: string;
  block: Block;
  /** Takes the focus when the block is to be named. */
  title: RefObject<HTMLInputElement | null>;
  /** At the parameters of the layer, with paths that begin there. */
  problems: readonly FieldProblem[];
}

export function BlockForm({ node, name, block, title, problems }: BlockFormProps) {
  const actions = useActions();
  const catalog = useDocument((state) => state.catalog);
  const types = useDocument((state) => state.types);
  const network = useDocument((state) => state.network);
  const type = types.get(node.type);
  const inside = useDocument((state) => state.open !== null);
  const schema = useMemo(
    () => schemaOf(network.blocks ?? {}, types, block),
    [network.blocks, types, block],
  );
  const drawing = useMemo(
    () => ({ format: "neuroloom/1" as const, ...writeBlock(block) }),
    [block],
  );
  const uses = usesOf(network, types, name);
  const saved = useSavedBlocks();
  const given = (node.params.arguments ?? {}) as Record<string, unknown>;
  const lists = catalog as unknown as Record<string, unknown>;
  const exposed = (...path: string[]) =>
    inside
      ? (field: string) => <Exposed target={[node.id, ...path, field]} label={field} />
      : undefined;
  return (
    <div className="grid gap-4">
      <button
        type="button"
        title="Open the block"
        className="grid h-24 w-full cursor-pointer place-items-center rounded-lg border border-line bg-sunken px-3 py-2 hover:border-line-strong"
        onClick={() => actions.enter(node.id)}
      >
        <NetworkPicture architecture={drawing} catalog={catalog} />
      </button>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" icon={<PackageOpen />} onClick={() => actions.enter(node.id)}>
          Open
        </Button>
        <Button
          size="sm"
          icon={<Ungroup />}
          onClick={() => {
            const refused = actions.unfold();
            if (refused) toast({ title: "Not unfolded", description: refused, tone: "warn" });
          }}
        >
          Unfold
        </Button>
        <Button
          size="sm"
          icon={<BookmarkPlus />}
          title="Save the block for reuse in any network"
          onClick={() => void saved.save(node.id)}
        >
          Save for reuse
        </Button>
      </div>
      <Field
        label="Block"
        htmlFor={`${node.id}-block`}
        hint={`What the block is called, here and in the code. ${formatPlural(uses, "layer is", "layers are")} made of it.`}
      >
        <Input
          key={block.title ?? name}
          id={`${node.id}-block`}
          ref={title}
          maxLength={200}
          defaultValue={block.title ?? name}
          onBlur={(event) => actions.nameBlock(name, event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
        />
      </Field>
      <SchemaForm
        schema={type?.params ?? {}}
        only={["repeat"]}
        values={node.params}
        onChange={(field, value) => actions.setParam(node.id, field, value)}
        problems={problems}
        idPrefix={node.id}
        beside={exposed()}
      />
      {Object.keys(block.parameters ?? {}).length > 0 ? (
        <section className="grid gap-2.5 border-t border-line pt-3">
          <h3 className="text-xs font-semibold">Arguments</h3>
          <SchemaForm
            schema={schema}
            values={given}
            onChange={(field, value) => actions.setArgument(node.id, field, value)}
            problems={problems
              .filter(({ path }) => path[0] === "arguments" && path.length > 1)
              .map(({ path, message }) => ({ message, path: path.slice(1) }))}
            idPrefix={`${node.id}-argument`}
            catalog={lists}
            beside={exposed("arguments")}
          />
        </section>
      ) : (
        <p className="text-2xs text-ink-3">
          All uses are alike. To set a field of a layer here, open the block, select the layer and
          expose the field.
        </p>
      )}
    </div>
  );
}
