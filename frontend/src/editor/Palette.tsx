/** The palette: every layer type of the catalogue and every block of the network, to drag onto the canvas or to add with Enter. */
import { Search, Trash2 } from "lucide-react";
import { type KeyboardEvent, memo, useMemo, useRef, useState } from "react";
import { IconButton, Input, Kbd } from "../ui";
import { useSavedBlocks } from "./blocks/useSavedBlocks";
import { DRAGGED_TYPE } from "./drag";
import { Glyph } from "./Glyph";
import { matches, type Offer, SAVED_BLOCKS, useOffers, YOUR_BLOCKS } from "./offers";
import { focusCanvas } from "./panes";
import { useActions, useDocument } from "./store";

export const Palette = memo(function Palette() {
  const offers = useOffers();
  const groupsInOrder = useDocument((state) => state.catalog.groups);
  const actions = useActions();
  const [words, setWords] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(
    () =>
      [YOUR_BLOCKS, SAVED_BLOCKS, ...groupsInOrder.map(({ name }) => name)]
        .map((name) => ({
          name,
          offers: offers.filter((offer) => offer.group === name && matches(offer, words)),
        }))
        .filter((group) => group.offers.length > 0),
    [groupsInOrder, offers, words],
  );
  const first = groups[0]?.offers[0];

  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && first && words.trim() !== "") {
      actions.insert(first);
      setWords("");
      focusCanvas();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      entries(list.current)[0]?.focus();
    }
  };
  return (
    <aside
      aria-label="Layers"
      data-pane="palette"
      className="flex h-full min-h-0 flex-col border-r border-line bg-panel"
    >
      <div className="relative p-3 pb-1">
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute top-5.5 left-5.5 size-4 text-ink-3"
        />
        <Input
          aria-label="Search layers"
          placeholder="Add a layer…"
          className="pr-12 pl-8"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={onSearchKey}
        />
        <span className="pointer-events-none absolute top-5 right-5">
          <Kbd>Tab</Kbd>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the entries */}
      <div
        ref={list}
        className="min-h-0 flex-1 overflow-y-auto px-3 pb-4"
        onKeyDown={(event) => onListKey(event, list.current)}
      >
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h2 className="mt-3 mb-1 text-2xs font-semibold tracking-wide text-ink-3 uppercase">
              {group.name}
            </h2>
            {group.offers.map((offer) => (
              <Entry key={offer.key} offer={offer} first={offer === first} />
            ))}
          </section>
        ))}
        {groups.length === 0 && (
          <p className="mt-4 text-sm text-ink-3">No layer is called that. Try another word.</p>
        )}
      </div>
    </aside>
  );
});

function entries(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("[data-layer-type]") ?? [])];
}

/** The arrow keys go from entry to entry, and from the first one back to the search. */
function onListKey(event: KeyboardEvent, list: HTMLElement | null) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = entries(list);
  const next = all.indexOf(document.activeElement as HTMLElement) + step;
  if (next < 0) list?.parentElement?.querySelector("input")?.focus();
  else all[next]?.focus();
}

/** One layer type or block; the Tab key stops at the first, the arrow keys go on from there. */
function Entry({ offer, first }: { offer: Offer; first: boolean }) {
  const actions = useActions();
  const { key, type, params, blocks, title, summary, glyph, color, saved } = offer;
  return (
    <div className="group relative">
      <button
        type="button"
        draggable
        data-layer-type={key}
        tabIndex={first ? 0 : -1}
        className="flex w-full cursor-grab items-center gap-2.5 rounded-md px-1.5 py-1.5 text-left hover:bg-sunken focus-visible:outline-2! active:cursor-grabbing"
        title={`${sentence(summary)} Drag it onto the canvas, or press Enter to put it after the selection.`}
        onClick={(event) => {
          actions.insert(offer);
          // The mouse goes on at the canvas, Enter (a click without one) may add more from here.
          if (event.detail > 0) focusCanvas();
        }}
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAGGED_TYPE, JSON.stringify({ type, params, blocks }));
          event.dataTransfer.effectAllowed = "copy";
        }}
      >
        <Glyph text={glyph} color={color} />
        <span className="min-w-0">
          <span className="block text-sm leading-tight">{title}</span>
          <span className="line-clamp-2 text-2xs leading-tight text-ink-3">{summary}</span>
        </span>
      </button>
      {saved !== undefined && <Forget id={saved} title={title} />}
    </div>
  );
}

function Forget({ id, title }: { id: string; title: string }) {
  const { forget } = useSavedBlocks();
  return (
    <IconButton
      size="sm"
      label={`Delete the saved block ${title}`}
      icon={<Trash2 className="size-3.5" />}
      className="absolute top-1 right-0.5 opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
      onClick={() => void forget(id)}
    />
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
