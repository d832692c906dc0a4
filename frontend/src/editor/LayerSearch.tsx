/** The search for a layer to add, or to connect to, at the place where it was asked for. */
import { useMemo } from "react";
import type { Catalog } from "../api";
import { toast } from "../ui";
import { type Draft, findNode, type LayerTypes, nodeName } from "./draft";
import { orderOf } from "./flow";
import { groupColor } from "./Glyph";
import { fitsAtWire } from "./insert";
import { useOffers } from "./offers";
import { type Found, SearchBox } from "./SearchBox";
import type { SearchPlace } from "./state";
import { useActions, useDocument } from "./store";
import { fitsOnWire, judge } from "./wires";

export function LayerSearch() {
  const search = useDocument((state) => state.search);
  if (!search) return null;
  return search.kind === "connect" ? <Connect place={search} /> : <Add place={search} />;
}

type Place<Kind> = Extract<SearchPlace, { kind: Kind }>;

function Add({ place }: { place: Exclude<SearchPlace, { kind: "connect" }> }) {
  const actions = useActions();
  const types = useDocument((state) => state.types);
  const draft = useDocument((state) => state.draft);
  const offers = useOffers();
  const entries = useMemo(
    () =>
      offers
        .filter((offer) => {
          if (place.kind === "wire") return fitsAtWire(draft, types, offer, place.wire);
          return place.kind === "edge" ? fitsOnWire(types, offer.type) : true;
        })
        .map(({ key, summary, group, ...offer }) => ({
          ...offer,
          id: key,
          hint: summary,
          words: `${group} ${summary}`,
        })),
    [draft, offers, types, place],
  );

  const add = (key: string) => {
    const offer = offers.find((each) => each.key === key);
    if (!offer) return;
    let refused: string | null = null;
    if (place.kind === "selection") actions.insert(offer);
    else if (place.kind === "free") actions.insertAt(offer, place.at);
    else if (place.kind === "wire") refused = actions.insertAtWire(offer, place.wire, place.at);
    else refused = actions.insertOn(offer, place.edge);
    if (refused) toast({ title: "Not added", description: refused, tone: "warn" });
  };
  return (
    <SearchBox
      screen={place.screen}
      label="Search layers"
      placeholder="Add a layer…"
      empty="No layer of this name fits here."
      entries={entries}
      onPick={add}
      onClose={() => actions.closeSearch()}
    />
  );
}

function Connect({ place }: { place: Place<"connect"> }) {
  const actions = useActions();
  const catalog = useDocument((state) => state.catalog);
  const types = useDocument((state) => state.types);
  const draft = useDocument((state) => state.draft);
  const from = findNode(draft, place.from);
  const entries = useMemo(
    () => targets(draft, types, catalog, place.from),
    [draft, types, catalog, place.from],
  );
  if (!from) return null;
  return (
    <SearchBox
      screen={place.screen}
      label={`Connect ${nodeName(from)} to …`}
      placeholder={`Connect ${nodeName(from)} to …`}
      empty="No other layer is called that."
      entries={entries}
      onPick={(target) => {
        const refused = actions.connect(place.from, target);
        if (refused) toast({ title: "Not connected", description: refused, tone: "warn" });
      }}
      onClose={() => actions.closeSearch()}
    />
  );
}

/** Every other layer in order, those that cannot be fed with the reason. */
function targets(
  draft: Draft,
  types: LayerTypes,
  catalog: Catalog,
  from: string,
): readonly Found[] {
  return orderOf(draft).flatMap((id) => {
    const node = findNode(draft, id);
    const type = types.get(node?.type ?? "");
    if (!node || !type || id === from) return [];
    const verdict = judge(draft, types, from, id);
    return {
      id,
      title: nodeName(node),
      hint: verdict.ok && verdict.replaces ? `Instead of ${verdict.replaces.source}` : type.title,
      glyph: type.glyph,
      color: groupColor(catalog, type),
      words: `${id} ${type.title}`,
      refused: verdict.ok ? undefined : verdict.reason,
    };
  });
}
