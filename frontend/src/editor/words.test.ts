import { expect, it } from "vitest";
import type { DraftNode } from "./draft";
import { TYPES } from "./testing";
import { headlineOf } from "./words";

const node = (type: string, params: DraftNode["params"] = {}): DraftNode => ({
  id: "it",
  type,
  params,
});

it.each([
  ["Plain", { units: 8, activation: "linear" }, "8"],
  ["Plain", { units: 8, activation: "bent" }, "8 · bent"],
  ["DoubleTwist2D", { size: [3, 5] }, "32 · 3×5"],
  ["DoubleTwist2D", { size: [0.5, 1 / 255] }, "32 · 0.5, 0.003922"],
  ["Around", {}, "Plain · sum"],
  ["Around", { layer: "DoubleTwist2D", mode: "mul" }, "DoubleTwist2D (32 · 3) · mul"],
  ["Around", { layer: { type: "Plain", units: 8 } }, "Plain (8) · sum"],
  ["Around", { layer: { type: "Around", layer: "Merge" } }, "Around (Merge · sum) · sum"],
  ["Around", { layer: { type: "Gone", units: 8 } }, "Gone · sum"],
  ["Gone", {}, "unknown layer type"],
])("tells %s %j as %s", (type, params, told) => {
  expect(headlineOf(node(type, params), TYPES)).toBe(told);
});

it("tells whose weights a layer shares", () => {
  expect(headlineOf({ ...node("Plain", { units: 8 }), shares: "other" }, TYPES)).toBe(
    "with the weights of other",
  );
});
