/** Parameters in the few words that fit on a layer. */
import type { LayerType } from "../api";
import { showValue } from "../ui";
import { type Body, type DraftNode, defaultsOf, type LayerTypes } from "./draft";

/**
 * "32 · 3×3 · same · relu": the headline parameters, without those that say nothing; a layer inside
 * with its own, "LSTM (64 · return sequences) · sum"; or whose weights the layer shares.
 */
export function headlineOf(node: DraftNode, types: LayerTypes): string {
  const type = types.get(node.type);
  if (!type) return "unknown layer type";
  if (node.shares) return `with the weights of ${node.shares}`;
  return headline(type, node.params, types);
}

function headline(type: LayerType, params: DraftNode["params"], types: LayerTypes): string {
  const values = { ...defaultsOf(type), ...params };
  return type.headline
    .map((name) =>
      holdsLayer(type, name) ? layerWords(values[name], types) : wordOf(name, values[name]),
    )
    .filter((word) => word !== "")
    .join(" · ");
}

/** Whether a parameter is one of the catalogue's layers. */
function holdsLayer(type: LayerType, name: string): boolean {
  const properties = type.params.properties as Record<string, Record<string, unknown>> | undefined;
  return properties?.[name]?.["x-catalog"] === "layers";
}

/** A layer's name alone, or an object of it, as `type`, and its parameters. */
function layerWords(value: unknown, types: LayerTypes): string {
  const given = typeof value === "string" ? { type: value } : value;
  if (typeof given !== "object" || given === null || !("type" in given)) return "";
  const { type: name, ...params } = given;
  const type = types.get(String(name));
  const words = type ? headline(type, params, types) : "";
  return words ? `${type?.title} (${words})` : (type?.title ?? String(name));
}

/** "×3" for a block that is repeated, else nothing. */
export function timesOf(node: DraftNode | undefined): string {
  const repeat = node?.params.repeat;
  return typeof repeat === "number" && repeat > 1 ? `×${repeat}` : "";
}

/** "filters 64 · rate 0.5": what a use passes to its block; nothing where it passes nothing. */
export function argumentsOf(node: DraftNode, block: Body): string {
  const given = Object.entries((node.params.arguments ?? {}) as Record<string, unknown>);
  return given
    .filter(([name]) => block.parameters?.[name])
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${showValue(value)}`)
    .join(" · ");
}

function wordOf(name: string, value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return name.replaceAll("_", " ");
  if (Array.isArray(value)) {
    return value.every(Number.isInteger) ? value.join("×") : value.map(short).join(", ");
  }
  return value === "linear" || value === "valid" ? "" : short(value);
}

/** A number in four digits. */
function short(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}
