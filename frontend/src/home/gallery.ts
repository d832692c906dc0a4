/** The gallery sorted and searched. */
import type { GallerySummary } from "../api";

/** The entries by category, both in the order in which they come. */
export function byCategory(
  entries: readonly GallerySummary[],
): ReadonlyMap<string, readonly GallerySummary[]> {
  const found = new Map<string, GallerySummary[]>();
  for (const entry of entries) {
    const members = found.get(entry.category);
    if (members) members.push(entry);
    else found.set(entry.category, [entry]);
  }
  return found;
}

/** The entries that have all of the words somewhere; `samples` are titles of datasets by slug. */
export function matching(
  entries: readonly GallerySummary[],
  search: string,
  samples: ReadonlyMap<string, string>,
): readonly GallerySummary[] {
  const words = search.toLowerCase().split(/\s+/);
  return entries.filter((entry) => {
    const layers = entry.outline.nodes.map((node) => node.type);
    const told = [entry.title, entry.category, entry.summary, entry.about, entry.source, ...layers];
    const text = [...told, samples.get(entry.sample ?? "") ?? ""].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
