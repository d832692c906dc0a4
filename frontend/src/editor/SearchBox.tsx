/** A small search at a place of the canvas: type, choose with the arrows, Enter. */
import { Command } from "cmdk";
import { useMemo, useState } from "react";
import { Glyph } from "./Glyph";
import { focusCanvas } from "./panes";
import type { Point } from "./places";

export interface Found {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly glyph: string;
  readonly color: string;
  /** What else should find it. */
  readonly words: string;
  /** Why it cannot be chosen. */
  readonly refused?: string;
}

export interface SearchBoxProps {
  screen: Point;
  label: string;
  placeholder: string;
  empty: string;
  entries: readonly Found[];
  onPick(id: string): void;
  onClose(): void;
}

const WIDTH = 300;
const HEIGHT = 340;
/** More than anyone reads; the next letter narrows it down. */
const MOST = 60;

/** Those that have all the words, those whose title begins with them first. */
function find(entries: readonly Found[], search: string): readonly Found[] {
  const wanted = search.toLowerCase().trim();
  const words = wanted.split(/\s+/);
  const found = entries.filter(({ title, words: others }) => {
    const text = `${title} ${others}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = ({ title, refused }: Found) =>
    (refused ? 2 : 0) + (title.toLowerCase().startsWith(wanted) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

export function SearchBox(props: SearchBoxProps) {
  const { screen, label, placeholder, empty, entries, onPick, onClose } = props;
  const [search, setSearch] = useState("");
  const shown = useMemo(() => find(entries, search), [entries, search]);
  const leave = () => {
    onClose();
    focusCanvas();
  };
  return (
    <div
      role="dialog"
      aria-label={label}
      className="fixed z-50 w-75 animate-fade overflow-hidden rounded-lg border border-line bg-raised shadow-2"
      style={{
        left: Math.max(8, Math.min(screen[0], window.innerWidth - WIDTH - 8)),
        top: Math.max(8, Math.min(screen[1], window.innerHeight - HEIGHT - 8)),
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          leave();
        }
        // Tab goes on from the canvas, as if the search had not been there.
        if (event.key === "Tab") leave();
      }}
    >
      <Command label={label} shouldFilter={false} loop>
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={placeholder}
          className="w-full border-b border-line bg-transparent px-3 py-2.5 text-sm outline-none placeholder:text-ink-3"
        />
        <Command.List className="max-h-72 overflow-y-auto p-1.5">
          <Command.Empty className="p-3 text-sm text-ink-2">{empty}</Command.Empty>
          {shown.map(({ id, title, hint, glyph, color, refused }) => (
            <Command.Item
              key={id}
              value={id}
              disabled={refused !== undefined}
              onSelect={() => {
                leave();
                onPick(id);
              }}
              // Pressing the mouse must not take the focus from the search, which would close it.
              onMouseDown={(event) => event.preventDefault()}
              className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 data-[disabled=true]:cursor-not-allowed data-[selected=true]:bg-accent-soft"
            >
              <Glyph text={glyph} color={color} />
              <span className="min-w-0">
                <span className="block text-sm leading-tight">{title}</span>
                <span
                  className={
                    refused ? "line-clamp-3 text-2xs text-warn" : "line-clamp-1 text-2xs text-ink-3"
                  }
                >
                  {refused ?? hint}
                </span>
              </span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </div>
  );
}
