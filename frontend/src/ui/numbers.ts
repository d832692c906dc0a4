/** Lists of numbers as people type them. */

/** "1, 28, 28" or "1×28×28" as numbers; null when it is not such a list, or one is too small. */
export function readNumbers(
  text: string,
  whole: boolean,
  minimum = Number.NEGATIVE_INFINITY,
): number[] | null {
  const parts = text
    .split(/[\s,;×x]+/)
    .map((part) => part.trim())
    .filter(Boolean);
  const pattern = whole ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  if (!parts.every((part) => pattern.test(part) && Number(part) >= minimum)) return null;
  return parts.map(Number);
}

/** "any, 1, 4" as whole numbers and nulls; null when it is not such a list, or one is too small. */
export function readOpen(text: string, minimum?: number): (number | null)[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const read = parts.map((part) =>
    /^any$/i.test(part) ? null : readNumbers(part, true, minimum)?.[0],
  );
  return read.every((entry) => entry !== undefined) ? read : null;
}
