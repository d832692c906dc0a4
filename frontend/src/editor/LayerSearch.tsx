/** The search for a layer to add, at the place where it was asked for. */
import { Command } from "cmdk";
import { useEffect, useMemo, useRef } from "react";
import { toast } from "../ui";
import { fitsAtWire } from "./insert";
import { Glyph, groupColor, matches } from "./Palette";
import { type SearchPlace, useActions, useDocument } from "./store";
import { fitsOnWire } from "./wires";

const WIDTH = 300;
const HEIGHT = 340;

export function LayerSearch() {
  const search = useDocument((state) => state.search);
  return search ? <Search place={search} /> : null;
}

function Search({ place }: { place: SearchPlace }) {
  const actions = useActions();
  const catalog = useDocument((state) => state.catalog);
  const types = useDocument((state) => state.types);
  const draft = useDocument((state) => state.draft);
  const box = useRef<HTMLDivElement>(null);
  const fitting = useMemo(
    () =>
      catalog.layers.filter((type) => {
        if (place.kind === "wire") return fitsAtWire(draft, types, type.type, place.wire);
        return place.kind === "edge" ? fitsOnWire(types, type.type) : true;
      }),
    [catalog, draft, types, place],
  );

  useEffect(() => {
    const close = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) actions.closeSearch();
    };
    window.addEventListener("pointerdown", close);
    return () => window.removeEventListener("pointerdown", close);
  }, [actions]);

  const add = (type: string) => {
    actions.closeSearch();
    let refused: string | null = null;
    if (place.kind === "selection") actions.insert(type);
    else if (place.kind === "free") actions.insertAt(type, place.at);
    else if (place.kind === "wire") refused = actions.insertAtWire(type, place.wire, place.at);
    else refused = actions.insertOn(type, place.edge);
    if (refused) toast({ title: "Not added", description: refused, tone: "warn" });
  };

  const [x, y] = place.screen;
  return (
    <div
      ref={box}
      className="fixed z-50 w-75 animate-fade overflow-hidden rounded-lg border border-line bg-raised shadow-2"
      style={{
        left: Math.max(8, Math.min(x, window.innerWidth - WIDTH - 8)),
        top: Math.max(8, Math.min(y, window.innerHeight - HEIGHT - 8)),
      }}
    >
      <Command
        label="Search layers"
        filter={(value, words) => {
          const type = types.get(value);
          if (!type || !matches(type, words)) return 0;
          return type.title.toLowerCase().startsWith(words.toLowerCase()) ? 1 : 0.5;
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" || event.key === "Tab") {
            event.preventDefault();
            event.stopPropagation();
            actions.closeSearch();
          }
        }}
      >
        <Command.Input
          autoFocus
          placeholder="Add a layer…"
          className="w-full border-b border-line bg-transparent px-3 py-2.5 text-sm outline-none"
        />
        <Command.List className="max-h-72 overflow-y-auto p-1.5">
          <Command.Empty className="p-3 text-sm text-ink-3">No layer that fits here.</Command.Empty>
          {fitting.map((type) => (
            <Command.Item
              key={type.type}
              value={type.type}
              onSelect={() => add(type.type)}
              className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-accent-soft"
            >
              <Glyph text={type.glyph} color={groupColor(catalog, type)} />
              <span className="min-w-0">
                <span className="block text-sm leading-tight">{type.title}</span>
                <span className="line-clamp-1 text-2xs text-ink-3">{type.summary}</span>
              </span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </div>
  );
}
