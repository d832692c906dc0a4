/** The inspector while a block is open and none of its layers is selected: the block itself. */
import { LogOut, X } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, Field, formatPlural, IconButton, Input, SchemaForm } from "../../ui";
import { Glyph, groupColor } from "../Glyph";
import { useActions, useDocument } from "../store";
import { schemaOf } from "./parameters";
import { usesOf } from "./uses";

export function InsidePanel({ name }: { name: string }) {
  const actions = useActions();
  const block = useDocument((state) => state.network.blocks?.[name]);
  const catalog = useDocument((state) => state.catalog);
  const uses = useDocument((state) => usesOf(state.network, state.types, name));
  const parameters = Object.keys(block?.parameters ?? {});
  const type = catalog.layers.find(({ role }) => role === "block");
  if (!block) return null;
  return (
    <div className="grid gap-4 p-4">
      <header className="flex items-start gap-3">
        {type && <Glyph text={type.glyph} color={groupColor(catalog, type)} />}
        <div className="min-w-0">
          <h2 className="text-base font-semibold break-words">{block.title || name}</h2>
          <p className="text-xs text-ink-2">
            {formatPlural(uses, "layer of the network is", "layers of the network are")} made of
            this block.
          </p>
        </div>
      </header>
      <div className="grid gap-2.5">
        <Field label="Block" htmlFor="block-title" hint="What it is called, here and in the code">
          <Input
            key={block.title ?? name}
            id="block-title"
            maxLength={200}
            defaultValue={block.title ?? name}
            onBlur={(event) => actions.nameBlock(name, event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") event.currentTarget.blur();
            }}
          />
        </Field>
        <Field label="What it does" htmlFor="block-summary" stacked>
          <textarea
            key={block.summary}
            id="block-summary"
            rows={2}
            maxLength={2000}
            className="w-full resize-y rounded-md border border-line bg-panel px-2.5 py-1.5 text-sm"
            defaultValue={block.summary ?? ""}
            onBlur={(event) => actions.describeBlock(name, event.target.value)}
          />
        </Field>
      </div>
      <section className="grid gap-2.5 border-t border-line pt-3">
        <h3 className="text-xs font-semibold">Arguments</h3>
        {parameters.map((parameter) => (
          <Parameter key={parameter} name={parameter} />
        ))}
        <p className="text-2xs text-ink-3">
          {parameters.length > 0
            ? "Each use may set these; here stand the defaults."
            : "None yet: every use is alike."}{" "}
          To add one, select a layer and press the arrow beside one of its fields.
        </p>
      </section>
      <div>
        <Button size="sm" icon={<LogOut />} onClick={() => actions.leave()}>
          Leave the block
        </Button>
      </div>
    </div>
  );
}

/** One argument: its name, its default, and what it sets. */
function Parameter({ name }: { name: string }) {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const types = useDocument((state) => state.types);
  const catalog = useDocument((state) => state.catalog);
  const [refused, setRefused] = useState<string | null>(null);
  const schema = useMemo(() => schemaOf(draft.blocks ?? {}, types, draft), [draft, types]);
  const told = draft.parameters?.[name];
  if (!told) return null;
  return (
    <div className="grid gap-2 rounded-lg bg-sunken p-2.5">
      <div className="flex items-center gap-1.5">
        <Input
          aria-label={`Name of the argument ${name}`}
          className="font-mono"
          defaultValue={name}
          onBlur={(event) => setRefused(actions.renameParameter(name, event.target.value.trim()))}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
        />
        <IconButton
          size="sm"
          label={`Remove the argument ${name}; what it sets keeps the default`}
          icon={<X className="size-3.5" />}
          onClick={() => actions.unexpose(name)}
        />
      </div>
      {refused && (
        <p role="alert" className="text-xs text-bad">
          {refused}
        </p>
      )}
      <SchemaForm
        schema={schema}
        only={[name]}
        values={{}}
        onChange={(_, value) => value !== undefined && actions.setDefault(name, value)}
        idPrefix="default"
        catalog={catalog as unknown as Record<string, unknown>}
      />
      <p className="flex flex-wrap gap-1 text-2xs text-ink-3">
        sets
        {told.sets.map((target) => (
          <button
            key={target.join(".")}
            type="button"
            className="cursor-pointer rounded bg-panel px-1 font-mono text-ink-2 hover:text-ink"
            onClick={() => target[0] && actions.select([target[0]])}
          >
            {target[0]}.{target.at(-1)}
          </button>
        ))}
      </p>
    </div>
  );
}
