/** The inspector's tab Layer: what the selected layer does, its parameters, and what comes out. */
import { MousePointerClick, Trash2 } from "lucide-react";

import { type RefObject, useEffect, useRef, useState } from "react";
import type { Column } from "../api";

import {
  Button,
  EmptyState,
  Field,
  formatCount,
  formatShape,
  Input,
  ReadMore,
  toast,
  type WeighedClass,
} from "../ui";
import { ActivationPlot } from "./ActivationPlot";
import { BlockForm } from "./blocks/BlockForm";
import { InsidePanel } from "./blocks/InsidePanel";
import { blockName, blockOf, type DraftNode, defaultsOf, findNode, lender } from "./draft";
import { Glyph, groupColor } from "./Glyph";
import { LayerForm } from "./LayerForm";
import { LayerWires } from "./LayerWires";
import { focusFirst } from "./panes";
import { checkOf, problemsOf, severityOf } from "./report";
import { SharedNote } from "./SharedNote";
import { useActions, useDocument } from "./store";

export interface LayerPanelProps {
  /** Of the dataset that is chosen, where it has any. */
  columns?: readonly Column[];
  /** The classes of a column that is predicted; of null those of the recipe's target. */
  classes?: ((target: string | null) => readonly WeighedClass[]) | null;
}

export function LayerPanel(data: LayerPanelProps) {
  const id = useDocument((state) =>
    state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined,
  );
  const node = useDocument((state) => (id ? findNode(state.draft, id) : undefined));
  const count = useDocument((state) => state.selection.nodes.length);
  const open = useDocument((state) => state.open);
  if (!node && count === 0 && open !== null) return <InsidePanel key={open} name={open} />;
  if (!node) {
    return (
      <div className="p-4">
        <EmptyState
          icon={<MousePointerClick />}
          title={count > 1 ? `${count} layers selected` : "No layer selected"}
        >
          {count > 1
            ? "Select one layer to see and change what it does, or fold them all into a block."
            : "Click a layer on the canvas, or walk to one with the arrow keys, to see and change it."}
        </EmptyState>
      </div>
    );
  }
  return <Panel key={node.id} node={node} {...data} />;
}

function Panel({ node, columns, classes }: { node: DraftNode } & LayerPanelProps) {
  const actions = useActions();
  const catalog = useDocument((state) => state.catalog);
  const type = useDocument((state) => state.types.get(node.type));
  const problems = useDocument((state) => problemsOf(state, node.id));
  const check = useDocument((state) => checkOf(state, node.id));
  const block = useDocument((state) => blockOf(state.draft, state.types, node.id));
  const own = useDocument((state) => lender(state.draft, node)) ?? node;
  const name = blockName(
    useDocument((state) => state.types),
    node,
  );
  const { params, title, blockTitle } = useGrantedFocus();
  const blocks = useDocument((state) => state.network.blocks);
  if (!type) return null;
  const target = typeof own.params.target === "string" ? own.params.target : null;
  const lists = {
    ...catalog,
    ...(columns?.length
      ? { columns: columns.map(({ name, kind }) => entry(name, name, kind)) }
      : {}),
    classes: classes?.(target).map(({ name, hint = "" }) => entry(name, name, hint)),
    blocks: Object.entries(blocks ?? {}).map(([name, { title, summary }]) =>
      entry(name, title || name, summary ?? ""),
    ),
  };
  const chosen = { ...defaultsOf(type), ...own.params }.activation;
  const activation = catalog.activations.find((other) => other.type === chosen);
  const atFields = problems
    .filter(({ where }) => where?.path?.[0] === "params" && where.path.length > 1)
    .map(({ message, where }) => ({ message, path: where?.path?.slice(1) ?? [] }));
  return (
    <div className="grid gap-4 p-4">
      <header className="flex items-start gap-3">
        <Glyph text={type.glyph} color={groupColor(catalog, type)} />
        <div className="min-w-0">
          <h2 className="text-base font-semibold break-words">{block?.title || type.title}</h2>
          <p className="text-xs text-ink-2">
            {block?.summary || type.summary}{" "}
            <ReadMore kind="layers" type={type.type} title={type.title} />
          </p>
        </div>
      </header>
      {problems.map((problem) => (
        <div
          key={`${problem.code} ${problem.message}`}
          className={
            severityOf(problem) === "error"
              ? "rounded-lg bg-bad-soft px-3 py-2 text-xs text-bad"
              : "rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn"
          }
        >
          <p>{problem.message}</p>
          {problem.fix && (
            <Button
              size="sm"
              className="mt-1.5"
              onClick={() => {
                const refused = problem.fix ? actions.applyFix(problem.fix) : null;
                if (refused) toast({ title: "Not applied", description: refused, tone: "warn" });
              }}
            >
              {problem.fix.title}
            </Button>
          )}
        </div>
      ))}
      <SharedNote node={node} />
      {!node.shares && (
        <div ref={params}>
          {block && name !== null ? (
            <BlockForm
              node={node}
              name={name}
              block={block}
              title={blockTitle}
              problems={atFields}
            />
          ) : (
            <LayerForm node={node} type={type} problems={atFields} lists={lists} />
          )}
        </div>
      )}
      {check && (
        <section className="rounded-lg bg-sunken px-3 py-2.5">
          <h3 className="text-xs font-semibold">What comes out</h3>
          <p className="mt-0.5 font-mono text-xs text-ink-2">
            {(check.input_shapes ?? []).map((shape) => formatShape(shape)).join(" and ")}
            {(check.input_shapes ?? []).length > 0 && " → "}
            <b className="text-ink">{formatShape(check.output_shape)}</b>
          </p>
          <p className="font-mono text-2xs text-ink-3">
            {formatCount(check.parameters)} parameters · {formatCount(check.flops)} operations
          </p>
        </section>
      )}
      {activation && <ActivationPlot activation={activation} />}
      {(check?.torch || check?.keras) && (
        <section className="rounded-lg bg-sunken px-3 py-2.5">
          <h3 className="text-xs font-semibold">In PyTorch and Keras</h3>
          {[check.torch, check.keras].filter(Boolean).map((line) => (
            <code key={line} className="mt-1 block font-mono text-2xs break-words text-ink-2">
              {line}
            </code>
          ))}
        </section>
      )}
      <LayerWires id={node.id} />
      <Names node={node} title={title} />
      <div>
        <Button
          variant="ghost"
          size="sm"
          icon={<Trash2 />}
          onClick={() => actions.removeSelection()}
        >
          Delete layer
        </Button>
      </div>
    </div>
  );
}

/** What a form chooses from, as the catalogue lists it. */
function entry(type: string, title: string, summary: string) {
  return { type, title, summary };
}

/** Moves the focus to the field that was asked for by key or by name. */
function useGrantedFocus() {
  const actions = useActions();
  const wish = useDocument((state) => state.wish);
  const params = useRef<HTMLDivElement>(null);
  const title = useRef<HTMLInputElement>(null);
  const blockTitle = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wish === null) return;
    actions.granted();
    if (wish === "params" && focusControl(params.current)) return;
    const field = blockTitle.current ?? title.current;
    field?.focus();
    field?.select();
  }, [actions, wish]);
  return { params, title, blockTitle };
}

/** The first field of a form; what explains a field is none. */
function focusControl(form: HTMLElement | null): boolean {
  const field = form?.querySelector<HTMLElement>("label[for]")?.getAttribute("for");
  const control = field ? document.getElementById(field) : null;
  if (control?.tabIndex !== 0) return focusFirst(control);
  control.focus();
  // What is typed takes the place of what is there.
  if (control instanceof HTMLInputElement) control.select();
  return true;
}

function Names({ node, title }: { node: DraftNode; title: RefObject<HTMLInputElement | null> }) {
  const actions = useActions();
  const [id, setId] = useState(node.id);
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <div className="grid gap-2.5 border-t border-line pt-3">
      <Field
        label="Title"
        htmlFor={`${node.id}-title`}
        hint="Shown on the layer instead of its type"
      >
        <Input
          id={`${node.id}-title`}
          ref={title}
          maxLength={200}
          defaultValue={node.title ?? ""}
          onBlur={(event) => actions.setTitle(node.id, event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") actions.setTitle(node.id, event.currentTarget.value);
          }}
        />
      </Field>
      <Field
        label="Name in the code"
        htmlFor={`${node.id}-id`}
        error={refused ?? undefined}
        hint="Names its weights and its variable"
      >
        <Input
          id={`${node.id}-id`}
          className="font-mono"
          value={id}
          onChange={(event) => setId(event.target.value)}
          onBlur={() => {
            if (id !== node.id) setRefused(actions.rename(node.id, id));
          }}
        />
      </Field>
    </div>
  );
}
