/** A proposal's reasons beside the values they explain. */
import type { Catalog, Proposal } from "../api";
import { formatNumber, formatPercent } from "../ui";

export interface ReasonLine {
  /** "Batch size" */
  name: string;
  /** Its value in words; empty when it is best seen in the drawing. */
  value: string;
  reason: string;
}

function at(document: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key],
    document,
  );
}

type Titles = ReadonlyMap<string, string>;

/** A part of a recipe in words: "Adam, learning rate 0.001"; what is not used is left out. */
function inWords(value: unknown, titles: Titles, name = ""): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") {
    return name === "validation" || name === "test" ? formatPercent(value, 0) : formatNumber(value);
  }
  if (typeof value === "string") return titles.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => inWords(one, titles)).join(", ");
  const { type, ...rest } = value as Record<string, unknown>;
  const parts = Object.entries(rest)
    .filter(([, part]) => part !== null && part !== false && typeof part !== "object")
    .map(([key, part]) => {
      const said = key.replaceAll("_", " ");
      return part === true ? said : `${said} ${inWords(part, titles, key)}`;
    });
  return [...(typeof type === "string" ? [titles.get(type) ?? type] : []), ...parts].join(", ");
}

function title(path: readonly (string | number)[]): string {
  const words = path.map((step) => String(step).replaceAll("_", " ")).join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A proposal's reasons, each beside the value that it explains. */
export function reasonLines(
  { architecture, recipe, reasons }: Proposal,
  catalog?: Pick<Catalog, "losses" | "metrics">,
): ReasonLine[] {
  const entries = [...(catalog?.losses ?? []), ...(catalog?.metrics ?? [])];
  const titles = new Map([
    ...entries.map(({ type, title }): [string, string] => [type, title]),
    ["multilabel", "any number of labels"],
  ]);
  return reasons.map(({ path, reason }) => {
    const [root, ...rest] = path;
    if (root === "architecture") {
      const node = architecture.nodes?.find(({ id }) => rest.includes(id));
      return {
        name: node ? `Layer ${node.id}` : "Network",
        value: node ? inWords({ type: node.type, ...node.params }, titles) : "",
        reason,
      };
    }
    if (root === "columns") return { name: `Column ${rest[0]}`, value: "", reason };
    const inRecipe = root === "recipe" ? rest : path;
    const value = at(recipe, inRecipe);
    return {
      name: title(inRecipe),
      value: value === undefined ? "" : inWords(value, titles, String(inRecipe.at(-1))),
      reason,
    };
  });
}
