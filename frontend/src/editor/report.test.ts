import { describe, expect, test } from "vitest";
import { ApiError, type CheckAnswer } from "../api";
import { checkOf, placeOf, problemsOf, reportOf } from "./report";

const NODE = { input_shapes: [], output_shape: [3], parameters: 0, flops: 0 };
const DEEP = {
  severity: "error" as const,
  code: "shape_mismatch",
  message: "Expected one shape, got two.",
  where: {
    node: "outer",
    path: [
      "blocks",
      "tower",
      "nodes",
      "floor",
      "blocks",
      "step",
      "nodes",
      "dense",
      "params",
      "units",
    ],
  },
};

function answer(over: Partial<CheckAnswer>): CheckAnswer {
  return {
    ok: true,
    parameters: 0,
    trainable_parameters: 0,
    flops: 0,
    memory: 0,
    nodes: {},
    problems: [],
    ...over,
  };
}

describe("inside a block", () => {
  test("shapes are those of the use that is open, of the first copy where it is repeated", () => {
    const nodes = {
      outer: NODE,
      "outer/0/floor": { ...NODE, output_shape: [4] },
      "outer/1/floor": { ...NODE, output_shape: [5] },
      "outer/0/floor/0/dense": { ...NODE, output_shape: [6] },
      "other/floor": { ...NODE, output_shape: [7] },
    };
    const report = reportOf(answer({ nodes }), null, false);
    const shape = (inside: string[], id: string) =>
      checkOf({ report, inside, open: "tower" }, id)?.output_shape;
    expect(shape(["outer"], "floor")).toEqual([4]);
    expect(shape(["outer", "floor"], "dense")).toEqual([6]);
    expect(shape(["other"], "floor")).toEqual([7]);
    expect(shape([], "floor")).toBeUndefined();
  });

  test("a problem is told at every block on the way, and at its field in the last", () => {
    const report = reportOf(answer({ problems: [DEEP] }), null, false);
    const at = (inside: string[], open: string | null, id: string) =>
      problemsOf({ report, inside, open }, id).map(({ where }) => where?.path);
    expect(at([], null, "outer")).toEqual([DEEP.where.path]);
    expect(at(["outer"], "tower", "floor")).toEqual([DEEP.where.path]);
    expect(at(["outer", "floor"], "step", "dense")).toEqual([["params", "units"]]);
    expect(at(["elsewhere"], "step", "dense")).toEqual([["params", "units"]]);
    expect(at([], null, "dense")).toEqual([]);
  });

  test("there is a way to it, from what the document declares too", () => {
    expect(placeOf(DEEP, () => null)).toEqual({ inside: ["outer", "floor"], node: "dense" });
    const declared = { ...DEEP, where: { path: ["blocks", "step", "nodes", "dense", "params"] } };
    const ways: Record<string, string[]> = { step: ["outer", "floor"] };
    expect(placeOf(declared, (block) => ways[block] ?? null)).toEqual({
      inside: ["outer", "floor"],
      node: "dense",
    });
    expect(placeOf(declared, () => null)).toBeNull();
    const refused = new ApiError(422, { ...declared, problems: [declared] });
    const report = reportOf(undefined, refused, false);
    expect(problemsOf({ report, inside: ["any"], open: "step" }, "dense")).toHaveLength(1);
  });
});
