import { expect, test } from "vitest";
import { setParams, setTitle } from "../draft";
import { sketch, TYPES } from "../testing";
import { removeNodes } from "../wires";
import type { Work } from "../work";
import { difference } from "./difference";

const work = (draft = sketch("a b c", "a>b b>c"), over: Partial<Work> = {}): Work => ({
  network: draft,
  datasetId: null,
  recipe: {},
  ...over,
});
const named = (id: string | null) => (id === null ? "no data" : `data ${id}`);
const told = (before: Work, after: Work) => difference(before, after, TYPES, named).sentences;

test("what is alike is not told", () => {
  expect(difference(work(), work(), TYPES, named)).toEqual({
    sentences: [],
    blocks: [],
    marks: {},
  });
});

test("a removed layer is named, its wires go without saying, the bridge is told", () => {
  const after = work(removeNodes(work().network, TYPES, ["b"]));
  const { sentences, marks } = difference(work(), after, TYPES, named);
  expect(sentences).toEqual(["Removed Plain b.", "Connected a → c."]);
  expect(marks).toEqual({ b: "removed" });
});

test("going back tells the opposite", () => {
  const after = work(removeNodes(work().network, TYPES, ["b"]));
  const { sentences, marks } = difference(after, work(), TYPES, named);
  expect(sentences).toEqual(["Added Plain b.", "Cut a → c."]);
  expect(marks).toEqual({ b: "added" });
});

test("a parameter is told with both values, the default where it was left to it", () => {
  const before = work(sketch("a:DoubleTwist2D"));
  const after = work(setParams(before.network, TYPES, "a", { padding: "same" }));
  const { sentences, marks } = difference(before, after, TYPES, named);
  expect(sentences).toEqual(["a: padding valid → same."]);
  expect(marks).toEqual({ a: "changed" });
});

test("a title, a name, another type and another order of inputs are told", () => {
  const before = work(sketch("a b m:Merge", "a>m b>m"));
  expect(told(before, work(setTitle(before.network, "a", "Eyes")))).toEqual([
    "a is titled “Eyes” instead of “”.",
  ]);
  expect(told(before, work({ ...before.network, name: "Other" }))).toEqual([
    "Named “Other” instead of “Sketch”.",
  ]);
  expect(told(before, work(sketch("a:Pair b m:Merge", "a>m b>m")))).toEqual([
    "a is a Pair instead of a Plain.",
  ]);
  expect(told(before, work(sketch("a b m:Merge", "b>m a>m")))).toEqual([
    "m takes b, a in this order instead of a, b.",
  ]);
});

test("data and recipe are told, with what was left to the proposal", () => {
  const before = work(undefined, { datasetId: "1", recipe: { epochs: 5 } });
  const after = work(undefined, {
    datasetId: "2",
    recipe: { optimizer: { type: "SGD" }, metrics: null },
  });
  expect(told(before, after)).toEqual([
    "Data: data 1 → data 2.",
    "Training, epochs: 5 → proposed.",
    "Training, optimizer: proposed → SGD.",
  ]);
});

test("inside a setting only what differs is told", () => {
  const before = work(undefined, { recipe: { optimizer: { type: "SGD", learning_rate: 0.1 } } });
  const after = work(undefined, { recipe: { optimizer: { type: "SGD", learning_rate: 0.2 } } });
  expect(told(before, after)).toEqual(["Training, optimizer: learning rate 0.1 → 0.2."]);
});

test("moved layers are counted last", () => {
  const moved = { ...work().network, layout: { a: [5, 5], b: [0, 100], c: [0, 200] } as const };
  expect(told(work(), work(moved))).toEqual(["Moved one layer."]);
});
