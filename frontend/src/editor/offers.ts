/** What can be added to what is on the canvas: the catalogue's layer types and the network's blocks. */
import { useMemo } from "react";
import type { Catalog, LayerType } from "../api";
import { formatPlural } from "../ui";
import { usable } from "./blocks/level";
import { addable, type Blocks, type LayerTypes } from "./draft";
import { groupColor } from "./Glyph";
import type { Addition } from "./insert";
import { useDocument } from "./store";

export const YOUR_BLOCKS = "Your blocks";

export interface Offer extends Addition {
  readonly key: string;
  readonly title: string;
  readonly summary: string;
  readonly group: string;
  readonly glyph: string;
  readonly color: string;
}

function offerOf(catalog: Catalog, type: LayerType): Offer {
  const { title, summary, group, glyph } = type;
  return {
    key: type.type,
    type: type.type,
    title,
    summary,
    group,
    glyph,
    color: groupColor(catalog, type),
  };
}

/** The blocks that may be used inside the open one. */
function blockOffers(
  blocks: Blocks,
  catalog: Catalog,
  types: LayerTypes,
  open: string | null,
): readonly Offer[] {
  const type = catalog.layers.find(({ role }) => role === "block");
  if (!type) return [];
  return usable(blocks, types, open).map((name) => {
    const { title, summary, nodes = [] } = blocks[name] ?? {};
    const inner = nodes.filter((node) => types.get(node.type)?.role === "layer").length;
    return {
      ...offerOf(catalog, type),
      key: `block ${name}`,
      params: { block: name },
      title: title || name,
      summary: summary || formatPlural(inner, "layer"),
      group: YOUR_BLOCKS,
    };
  });
}

const NONE: Blocks = {};

/** Everything that can be added, the network's own blocks first. */
export function useOffers(): readonly Offer[] {
  const catalog = useDocument((state) => state.catalog);
  const types = useDocument((state) => state.types);
  const open = useDocument((state) => state.open);
  const blocks = useDocument((state) => state.network.blocks ?? NONE);
  return useMemo(
    () => [
      ...blockOffers(blocks, catalog, types, open),
      ...addable(catalog).map((type) => offerOf(catalog, type)),
    ],
    [blocks, catalog, open, types],
  );
}

/** Does it answer to these words? */
export function matches({ title, group, summary }: Offer, words: string): boolean {
  const text = `${title} ${group} ${summary}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
