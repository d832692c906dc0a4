/** A small made-up catalogue for tests: the editor must work with any. */
import type { Edge, LayerType } from "../api";
import type { Draft, DraftNode, LayerTypes } from "./draft";
import type { Point } from "./places";
import { edgeKey } from "./wires";

function layer(type: string, over: Partial<LayerType> = {}): LayerType {
  return {
    type,
    group: "Core",
    title: type,
    summary: `What ${type} does`,
    description: "",
    glyph: type[0] ?? "?",
    role: "layer",
    inputs: { minimum: 1, maximum: 1 },
    has_output: true,
    params: { type: "object", properties: {} },
    headline: [],
    ...over,
  };
}

export const TYPES: LayerTypes = new Map(
  [
    layer("Start", { role: "input", group: "Ends", inputs: { minimum: 0, maximum: 0 } }),
    layer("End", { role: "output", group: "Ends", has_output: false }),
    layer("Plain", {
      headline: ["units", "activation"],
      params: {
        type: "object",
        required: ["units"],
        properties: {
          units: { type: "integer", minimum: 1, description: "Number of units" },
          activation: { enum: ["linear", "bent"], default: "linear", type: "string" },
          use_bias: { type: "boolean", default: true },
        },
      },
    }),
    layer("DoubleTwist2D", {
      group: "Twists",
      headline: ["filters", "size", "padding"],
      params: {
        type: "object",
        properties: {
          filters: { type: "integer", default: 32 },
          size: {
            default: 3,
            anyOf: [
              { type: "integer", minimum: 1 },
              {
                type: "array",
                minItems: 2,
                maxItems: 2,
                prefixItems: [{ type: "integer" }, { type: "integer" }],
              },
            ],
          },
          padding: { enum: ["valid", "same"], default: "valid", type: "string" },
        },
      },
    }),
    layer("Around", {
      headline: ["layer", "mode"],
      params: {
        type: "object",
        properties: {
          layer: { default: "Plain", anyOf: [{ type: "string" }], "x-catalog": "layers" },
          mode: { enum: ["sum", "mul"], default: "sum", type: "string" },
        },
      },
    }),
    layer("Merge", { group: "Merging", inputs: { minimum: 2, maximum: null } }),
    layer("Pair", { group: "Merging", inputs: { minimum: 2, maximum: 2 } }),
    layer("Fold", { role: "block", inputs: { minimum: 0, maximum: null }, headline: ["block"] }),
    layer("Named", {
      group: "Merging",
      inputs: { minimum: 2, maximum: 3 },
      ports: ["left", "right", "extra"],
    }),
  ].map((declared) => [declared.type, declared]),
);

/**
 * "start:Start a:Plain end:End" and "start>a a>end" as a draft, "a>b:port" with a named input;
 * layers stand 100 apart.
 */
export function sketch(nodes: string, edges = ""): Draft {
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  const layers: DraftNode[] = words(nodes).map((word) => {
    const [id = "", type = "Plain"] = word.split(":");
    return { id, type, params: {} };
  });
  const wires: Edge[] = words(edges).map((word) => {
    const [source = "", end = ""] = word.split(">");
    const [target = "", port] = end.split(":");
    return port ? { source, target, port } : { source, target };
  });
  const layout: Record<string, Point> = {};
  layers.forEach(({ id }, index) => {
    layout[id] = [0, index * 100];
  });
  return {
    format: "neuroloom/1",
    name: "Sketch",
    nodes: layers,
    edges: wires,
    layout,
    heading: "down",
  };
}

/** The wires as "a>b c>d", in order; those with a named input as "a>b:port". */
export function wiring(draft: Draft): string {
  return draft.edges.map(edgeKey).join(" ");
}
