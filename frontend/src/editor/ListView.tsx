/** The network as a list in order, with everything that the canvas can do with a mouse. */
import { Cable, PackageOpen, Plus, X } from "lucide-react";
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from "react";
import { Button, cx, formatCount, formatShape, IconButton } from "../ui";
import { blockOf, type DraftNode, findNode, nodeName } from "./draft";
import { orderOf } from "./flow";
import { Glyph, groupColor } from "./Glyph";
import type { Point } from "./places";
import { checkOf, problemsOf, severityOf } from "./report";
import { useActions, useDocument } from "./store";
import { edgeKey } from "./wires";
import { headlineOf } from "./words";

/** Where a search opens that belongs to a button. */
function under(element: Element): Point {
  const { left, bottom } = element.getBoundingClientRect();
  return [left, bottom + 4];
}

export function ListView({ empty }: { empty?: ReactNode }) {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const current = useDocument((state) => state.selection.nodes.at(-1));
  const list = useRef<HTMLOListElement>(null);
  const order = orderOf(draft);
  const start = current ?? order[0];

  useEffect(() => {
    if (!current) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-id="${current}"]`);
    row?.scrollIntoView({ block: "nearest" });
    if (list.current?.contains(document.activeElement)) row?.focus();
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey) return;
    const next = order[order.indexOf(start ?? "") + step];
    event.preventDefault();
    if (next) actions.select([next]);
  };

  return (
    <section className="h-full overflow-y-auto bg-paper p-4 pt-14" aria-label="Canvas">
      <div className="mx-auto grid max-w-2xl gap-2">
        {order.length === 0 && empty}
        <ol
          ref={list}
          className="grid gap-2"
          aria-label="Layers of the network in order"
          onKeyDown={onKeyDown}
        >
          {order.map((id) => {
            const node = findNode(draft, id);
            return node && <Row key={id} node={node} first={id === start} />;
          })}
        </ol>
        <div>
          <Button
            icon={<Plus />}
            onClick={(event) =>
              actions.openSearch({ kind: "selection", screen: under(event.currentTarget) })
            }
          >
            Add a layer
          </Button>
        </div>
      </div>
    </section>
  );
}

/** One layer; `first` is where the Tab key enters the list. */
const Row = memo(function Row({ node, first }: { node: DraftNode; first: boolean }) {
  const { id } = node;
  const actions = useActions();
  const types = useDocument((state) => state.types);
  const type = types.get(node.type);
  const catalog = useDocument((state) => state.catalog);
  const check = useDocument((state) => checkOf(state, id));
  const problems = useDocument((state) => problemsOf(state, id));
  const selected = useDocument((state) => state.selection.nodes.includes(id));
  const edges = useDocument((state) => state.draft.edges);
  const block = useDocument((state) => blockOf(state.draft, state.types, id));
  const name = nodeName(node);
  return (
    <li
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border bg-panel px-3 py-2",
        selected ? "border-accent ring-3 ring-accent-soft" : "border-line",
      )}
    >
      {type && <Glyph text={type.glyph} color={groupColor(catalog, type)} />}
      <button
        type="button"
        data-id={id}
        tabIndex={first ? 0 : -1}
        className="min-w-0 flex-1 cursor-pointer rounded-sm text-left focus-visible:outline-2!"
        aria-pressed={selected}
        onClick={() => (selected ? actions.wish("params") : actions.select([id]))}
      >
        <b className="text-sm font-semibold">{name}</b>{" "}
        <span className="text-xs text-ink-2">{headlineOf(node, types)}</span>
        {problems.map((problem) => (
          <span
            key={problem.message}
            className={cx(
              "block text-xs",
              severityOf(problem) === "error" ? "text-bad" : "text-warn",
            )}
          >
            {problem.message}
          </span>
        ))}
      </button>
      <span className="text-right font-mono text-2xs text-ink-2">
        {formatShape(check?.output_shape)}
        {!!check?.parameters && (
          <span className="block text-ink-3">{formatCount(check.parameters)} parameters</span>
        )}
      </span>
      {edges
        .filter(({ source }) => source === id)
        .map((edge) => (
          <span
            key={edgeKey(edge)}
            className="flex items-center gap-0.5 rounded-md bg-sunken pl-2 text-xs text-ink-2"
          >
            → {edge.target}
            <IconButton
              size="sm"
              label={`Cut the wire from ${id} to ${edge.target}`}
              icon={<X className="size-3" />}
              onClick={() => actions.disconnect(edgeKey(edge))}
            />
          </span>
        ))}
      {block && (
        <IconButton
          size="sm"
          label={`Open ${name}`}
          icon={<PackageOpen />}
          onClick={() => actions.enter(id)}
        />
      )}
      {type?.has_output !== false && (
        <IconButton
          size="sm"
          label={`Connect ${name} to …`}
          icon={<Cable />}
          onClick={(event) =>
            actions.openSearch({ kind: "connect", screen: under(event.currentTarget), from: id })
          }
        />
      )}
    </li>
  );
});
