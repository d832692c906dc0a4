import { expect, test } from "vitest";
import type { Block, Blocks, Draft } from "../draft";
import { sketch, TYPES } from "../testing";
import type { Work } from "../work";
import { difference } from "./difference";

function block(nodes: string, edges: string, over: Partial<Block> = {}): Block {
  const { nodes: layers, edges: wires, layout } = sketch(nodes, edges);
  return { nodes: layers, edges: wires, layout, title: "Residual", ...over };
}

/** A network of a plain layer and a use of each block. */
function work(blocks: Blocks): Work {
  const network: Draft = {
    ...sketch("a"),
    nodes: [
      { id: "a", type: "Plain", params: {} },
      ...Object.keys(blocks).map((name) => ({ id: name, type: "Fold", params: { block: name } })),
    ],
    blocks,
  };
  return { network, datasetId: null, recipe: {} };
}

const told = (before: Work, after: Work) => difference(before, after, TYPES, () => "data");

test("a block that is alike in both is not told", () => {
  const same = () => work({ residual: block("x y", "x>y") });
  expect(told(same(), same())).toEqual({ sentences: [], blocks: [], marks: {} });
});

test("layers and wires inside a block are told under its title, its use is marked", () => {
  const before = work({ residual: block("x y z", "x>y y>z") });
  const after = work({ residual: block("x z w", "x>z z>w") });
  expect(told(before, after)).toEqual({
    sentences: [],
    blocks: [
      {
        name: "residual",
        title: "Residual",
        sentences: ["Added Plain w.", "Removed Plain y.", "Connected x → z.", "Moved one layer."],
      },
    ],
    marks: { residual: "changed" },
  });
});

test("a value inside a block is told with what it was", () => {
  const deep = (units: number) =>
    work({ residual: block("", "", { nodes: [{ id: "x", type: "Plain", params: { units } }] }) });
  expect(told(deep(8), deep(16)).blocks[0]?.sentences).toEqual(["x: units 8 → 16."]);
});

test("what a use of the block may set is told: new, gone, another default, another target", () => {
  const inside = (parameters: Block["parameters"]) =>
    work({ residual: block("x y", "x>y", { parameters }) });
  const before = inside({
    units: { default: 8, sets: [["x", "units"]] },
    rate: { default: 0.1, sets: [["x", "rate"]] },
  });
  const after = inside({
    units: {
      default: 16,
      sets: [
        ["x", "units"],
        ["y", "units"],
      ],
    },
    bias: { default: true, sets: [["y", "use_bias"]] },
  });
  expect(told(before, after).blocks[0]?.sentences).toEqual([
    "Parameter units: default 8 → 16.",
    "Parameter units: sets x.units, y.units instead of x.units.",
    "Added the parameter bias, at first yes.",
    "Removed the parameter rate.",
  ]);
});

test("another title and another description of a block are told", () => {
  const before = work({ residual: block("x", "") });
  const after = work({ residual: block("x", "", { title: "Skip", summary: "Adds its input" }) });
  expect(told(before, after).blocks).toEqual([
    {
      name: "residual",
      title: "Skip",
      sentences: [
        "Titled “Skip” instead of “Residual”.",
        "Described as “Adds its input” instead of “”.",
      ],
    },
  ]);
});

test("a layer that holds a changed block within another is marked, one that does not is not", () => {
  const nested = (inner: Block): Work => {
    const outer: Block = {
      nodes: [{ id: "use", type: "Fold", params: { block: "inner" } }],
      edges: [],
      layout: {},
    };
    const { network, ...rest } = work({ outer, other: block("x", "") });
    return { ...rest, network: { ...network, blocks: { ...network.blocks, inner } } };
  };
  const { blocks, marks } = told(nested(block("x", "")), nested(block("x y", "x>y")));
  expect(blocks.map(({ name }) => name)).toEqual(["inner"]);
  expect(marks).toEqual({ outer: "changed" });
});

test("a block that came with its first use is told by that use alone", () => {
  const { sentences, blocks, marks } = told(work({}), work({ residual: block("x", "") }));
  expect(sentences).toEqual(["Added Fold residual."]);
  expect(blocks).toEqual([]);
  expect(marks).toEqual({ residual: "added" });
});
