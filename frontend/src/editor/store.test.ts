import { beforeEach, describe, expect, test } from "vitest";
import type { Catalog } from "../api";
import { copyNodes, readPart } from "./clipboard";
import { emptyDraft, findNode } from "./draft";
import { EMPTY_REPORT } from "./report";
import { createDocument } from "./store";
import { sketch, TYPES, wiring } from "./testing";

const CATALOG: Catalog = {
  groups: [],
  layers: [...TYPES.values()],
  activations: [],
  losses: [],
  optimizers: [],
  schedules: [],
  augmentations: [],
  metrics: [],
  initializers: [],
  regularizers: [],
  constraints: [],
  treatments: [],
};

let time = 0;
let open: ReturnType<typeof createDocument>;

function start(draft = emptyDraft()) {
  time = 0;
  open = createDocument({ network: draft, datasetId: null, recipe: {} }, CATALOG, () => time);
}

const draft = () => open.store.getState().draft;
const steps = () => open.store.temporal.getState().pastStates.length;

beforeEach(() => start());

describe("undo", () => {
  test("one action is one step, whatever it changes", () => {
    open.actions.insert({ type: "Start" });
    open.actions.insert({ type: "Plain" });
    expect(steps()).toBe(2);
    open.actions.undo();
    expect(draft().nodes.map((node) => node.id)).toEqual(["start"]);
    open.actions.redo();
    expect(wiring(draft())).toBe("start>plain");
  });

  test("typing in one field is one step; the next field is another", () => {
    start(sketch("a"));
    for (const units of [1, 12, 128]) {
      time += 300;
      open.actions.setParam("a", "units", units);
    }
    open.actions.setParam("a", "activation", "bent");
    expect(steps()).toBe(2);
    open.actions.undo();
    expect(findNode(draft(), "a")?.params).toEqual({ units: 128 });
    open.actions.undo();
    expect(findNode(draft(), "a")?.params).toEqual({});
  });

  test("the same field after a pause is a new step", () => {
    start(sketch("a"));
    open.actions.setParam("a", "units", 1);
    time += 5000;
    open.actions.setParam("a", "units", 2);
    expect(steps()).toBe(2);
  });

  test("selecting, searching and reports are no steps", () => {
    start(sketch("a b"));
    open.actions.select(["a"]);
    open.actions.openSearch({ kind: "selection", screen: [0, 0] });
    open.actions.setReport({ ...EMPTY_REPORT, checking: false });
    expect(steps()).toBe(0);
  });

  test("an action that changes nothing is no step", () => {
    start(sketch("a b", "a>b"));
    open.actions.move({ a: [0, 0] });
    open.actions.setName("Sketch");
    open.actions.disconnect("nothing>here");
    expect(steps()).toBe(0);
  });

  test("dataset and recipe are undone with the rest", () => {
    open.actions.setDataset("d");
    open.actions.setRecipe({ epochs: 3 });
    open.actions.undo();
    open.actions.undo();
    expect(open.store.getState()).toMatchObject({ datasetId: null, recipe: {} });
  });

  test("what undo takes away is not selected any more", () => {
    open.actions.insert({ type: "Start" });
    open.actions.undo();
    expect(open.store.getState().selection.nodes).toEqual([]);
  });

  test("taking another version can be undone", () => {
    start(sketch("a"));
    open.actions.replace({ network: sketch("b") });
    open.actions.undo();
    expect(draft().nodes[0]?.id).toBe("a");
  });
});

describe("actions", () => {
  test("a new layer is selected, so that the next one follows it", () => {
    for (const type of ["Start", "Plain", "End"]) open.actions.insert({ type });
    expect(wiring(draft())).toBe("start>plain plain>end");
    expect(open.store.getState().selection.nodes).toEqual(["end"]);
  });

  test("a refused wire tells why and changes nothing", () => {
    start(sketch("a b", "a>b"));
    expect(open.actions.connect("b", "a")).toContain("cycle");
    expect(steps()).toBe(0);
  });

  test("deleting selects what stood before, so that it can go on", () => {
    start(sketch("a b c", "a>b b>c"));
    open.actions.select(["b"]);
    open.actions.removeSelection();
    expect(wiring(draft())).toBe("a>c");
    expect(open.store.getState().selection.nodes).toEqual(["a"]);
  });

  test("deleting a selected wire cuts it", () => {
    start(sketch("a b c", "a>b b>c"));
    open.actions.select([], ["a>b"]);
    open.actions.removeSelection();
    expect(wiring(draft())).toBe("b>c");
  });

  test("a renamed layer stays selected", () => {
    start(sketch("a"));
    open.actions.select(["a"]);
    expect(open.actions.rename("a", "hidden")).toBeNull();
    expect(open.store.getState().selection.nodes).toEqual(["hidden"]);
    expect(open.actions.rename("hidden", "NO")).toContain("small letter");
  });

  test("pasted layers are selected", () => {
    start(sketch("a b", "a>b"));
    const part = readPart(copyNodes(draft(), ["a", "b"]), TYPES);
    if (!part.ok) throw new Error(part.reason);
    open.actions.paste(part.part);
    expect(open.store.getState().selection.nodes).toEqual(["a_1", "b_1"]);
  });

  test("a network without places is set out when it is opened, without an undo step", () => {
    start({ ...sketch("a b", "a>b"), layout: {} });
    expect(Object.keys(draft().layout)).toEqual(["a", "b"]);
    expect(steps()).toBe(0);
  });
});
