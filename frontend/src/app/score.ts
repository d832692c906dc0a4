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
