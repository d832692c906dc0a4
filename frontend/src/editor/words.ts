/** Parameters in the few words that fit on a layer. */
import type { LayerType } from "../api";
import type { DraftNode } from "./draft";
import { defaultsOf } from "./draft";

/**
 * "32 · 3×3 · same · relu": the headline parameters, without those that say nothing; or whose
 * weights the layer shares.
 */
export function headlineOf(node: DraftNode, type: LayerType | undefined): string {
  if (!type) return "unknown layer type";
  if (node.shares) return `with the weights of ${node.shares}`;
  const values = { ...defaultsOf(type), ...node.params };
  return type.headline
    .map((name) => wordOf(name, values[name]))
    .filter((word) => word !== "")
    .join(" · ");
}

function wordOf(name: string, value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return name.replaceAll("_", " ");
  if (Array.isArray(value)) return value.join("×");
  return value === "linear" || value === "valid" ? "" : String(value);
}
