/** What the command palette finds, and in which order. */
import type { Command } from "../ui";

/** Without a search a group shows its beginning; with one, more than anyone reads is left out. */
const FEW = 6;
const MANY = 20;

/**
 * How well a command's words answer a search: 0 is not at all, 1 is best. Every word of the search
 * must be in the title, the group or the keywords (in this order of weight).
 */
export function score(search: string, [title = "", ...others]: readonly string[]): number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return 1;
  const name = title.toLowerCase();
  const rest = others.join(" ").toLowerCase();
  let sum = 0;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at === 0) sum += 1;
    else if (at > 0) sum += /[\s_–-]/.test(name[at - 1] ?? "") ? 0.85 : 0.6;
    else if (rest.includes(word)) sum += 0.3;
    else return 0;
  }
  return sum / words.length;
}

export interface CommandGroup {
  readonly group: string;
  readonly commands: readonly Command[];
}

/** The commands that answer a search, in groups: the best first, in each group and among them. */
export function find(commands: readonly Command[], search: string): readonly CommandGroup[] {
  const searching = search.trim() !== "";
  const groups = new Map<string, { command: Command; score: number }[]>();
  for (const command of commands) {
    const { title, group, keywords } = command;
    const points = score(search, [title, group, keywords ?? ""]);
    if (points === 0) continue;
    const found = groups.get(group) ?? [];
    groups.set(group, found);
    // Of two titles that hold the search equally well, the shorter one holds little else.
    found.push({ command, score: points - title.length / 10_000 });
  }
  const sorted = [...groups].map(([group, found]) => {
    if (searching) found.sort((a, b) => b.score - a.score);
    const shown = found.slice(0, searching ? MANY : FEW);
    return { group, best: found[0]?.score ?? 0, commands: shown.map(({ command }) => command) };
  });
  return searching ? sorted.sort((a, b) => b.best - a.best) : sorted;
}
