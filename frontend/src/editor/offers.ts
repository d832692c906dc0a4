/** What can be added to what is on the canvas: the catalogue's layer types, the network's blocks, and those saved. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Catalog, LayerType, SavedBlock } from "../api";
import { blocksQuery } from "../api/queries";
import { formatPlural } from "../ui";
import { usable } from "./blocks/level";
import { readDraft } from "./document";
import { addable, type Block, type Blocks, blockName, type LayerTypes } from "./draft";
import { groupColor } from "./Glyph";
import type { Addition } from "./insert";
import { useDocument } from "./store";

export const YOUR_BLOCKS = "Blocks of this network";
export const SAVED_BLOCKS = "Saved blocks";

export interface Offer extends Addition {
  readonly key: string;
  readonly title: string;
  readonly summary: string;
  readonly group: string;
  readonly glyph: string;
  readonly color: string;
  /** Its id, where it was saved for reuse. */
  readonly saved?: string;
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

/** How many layers a block holds, without its inputs and outputs. */
function layersIn({ nodes }: Block, types: LayerTypes): number {
  return nodes.filter(({ type }) => !["input", "output"].includes(types.get(type)?.role ?? ""))
    .length;
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
    const block = blocks[name];
    return {
      ...offerOf(catalog, type),
      key: `block ${name}`,
      params: { block: name },
      title: block?.title || name,
      summary: block?.summary || formatPlural(block ? layersIn(block, types) : 0, "layer"),
      group: YOUR_BLOCKS,
    };
  });
}

const NONE: Blocks = {};

/** The blocks that were saved for reuse, as far as this app knows their layers. */
function savedOffers(
  saved: readonly SavedBlock[],
  catalog: Catalog,
  types: LayerTypes,
): readonly Offer[] {
  return saved.flatMap(({ id, name, architecture }) => {
    const { nodes, blocks = {} } = readDraft(architecture);
    const [use] = nodes;
    const type = types.get(use?.type ?? "");
    const block = blocks[(use && blockName(types, use)) ?? ""];
    if (!use || !type || !block) return [];
    return {
      ...offerOf(catalog, type),
      key: `saved ${id}`,
      params: use.params,
      blocks,
      title: block.title || name,
      summary: block.summary || formatPlural(layersIn(block, types), "layer"),
      group: SAVED_BLOCKS,
      saved: id,
    };
  });
}

const NO_BLOCKS: readonly SavedBlock[] = [];

/** Everything that can be added: the network's own blocks first, then those saved for reuse. */
export function useOffers(): readonly Offer[] {
  const saved = useQuery(blocksQuery()).data ?? NO_BLOCKS;
  const catalog = useDocument((state) => state.catalog);
  const types = useDocument((state) => state.types);
  const open = useDocument((state) => state.open);
  const blocks = useDocument((state) => state.network.blocks ?? NONE);
  return useMemo(
    () => [
      ...blockOffers(blocks, catalog, types, open),
      ...savedOffers(saved, catalog, types),
      ...addable(catalog).map((type) => offerOf(catalog, type)),
    ],
    [blocks, catalog, open, saved, types],
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
