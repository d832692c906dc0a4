import { beforeEach, describe, expect, test } from "vitest";
import type { Catalog } from "../../api";
import { type Draft, findNode } from "../draft";
import { createDocument } from "../store";
import { sketch, TYPES, wiring } from "../testing";
import { usable, wayTo } from "./level";
import { unused } from "./uses";

const CATALOG = { groups: [], layers: [...TYPES.values()] } as unknown as Catalog;
const CHAIN = sketch("start:Start a b c end:End", "start>a a>b b>c c>end");

let open: ReturnType<typeof createDocument>;
const state = () => open.store.getState();
const steps = () => open.store.temporal.getState().pastStates.length;

function start(network: Draft) {
  open = createDocument({ network, datasetId: null, recipe: {} }, CATALOG, () => 0);
}

/** The chain with a and b in a block, which is used a second time behind it. */
function twice() {
  start(CHAIN);
  open.actions.select(["a", "b"]);
  open.actions.fold();
  open.actions.select(["block"]);
  open.actions.insert({ type: "Fold", params: { block: "block" } });
}

beforeEach(twice);

describe("a block that is open", () => {
  test("shows what it holds, and changes are for every use of it", () => {
    open.actions.enter("block");
    expect(wiring(state().draft)).toBe("start>a a>b b>end");
    open.actions.setParam("a", "units", 7);
    open.actions.leave();
    expect(wiring(state().draft)).toBe("start>block block_1>c c>end block>block_1:start");
    open.actions.enter("block_1");
    expect(findNode(state().draft, "a")?.params).toEqual({ units: 7 });
  });

  test("one action inside is one step, and undo goes to where it was made", () => {
    const before = steps();
    open.actions.enter("block");
    open.actions.select(["a"]);
    open.actions.removeSelection();
    expect(steps()).toBe(before + 1);
    open.actions.leave();
    open.actions.undo();
    expect(state().inside).toEqual(["block"]);
    expect(wiring(state().draft)).toBe("start>a a>b b>end");
  });

  test("when undo takes it away, the network is shown", () => {
    open.actions.enter("block_1");
    open.actions.undo();
    open.actions.undo();
    expect(state()).toMatchObject({ inside: [], open: null });
    expect(wiring(state().draft)).toBe("start>a a>b b>c c>end");
  });

  test("leaving selects the layer that was opened", () => {
    open.actions.enter("block_1");
    open.actions.leave();
    expect(state().selection.nodes).toEqual(["block_1"]);
  });

  test("a new input is an input of every use; a renamed one keeps its wires; a removed one has none", () => {
    open.actions.enter("block");
    open.actions.insertAt({ type: "Start" }, [0, 0]);
    open.actions.leave();
    expect(open.actions.connect("start", "block_1", "start_1")).toBeNull();
    expect(wiring(state().draft)).toContain("start>block_1:start_1");
    open.actions.enter("block");
    expect(open.actions.rename("start_1", "extra")).toBeNull();
    open.actions.leave();
    expect(wiring(state().draft)).toContain("start>block_1:extra");
    open.actions.enter("block");
    open.actions.select(["extra"]);
    open.actions.removeSelection();
    open.actions.leave();
    expect(wiring(state().draft)).not.toContain("extra");
  });

  test("cannot be put into itself, at any depth", () => {
    open.actions.enter("block");
    open.actions.select(["a"]);
    open.actions.fold();
    const { network } = state();
    const blocks = network.blocks ?? {};
    expect(usable(blocks, TYPES, null)).toEqual(["block", "block_1"]);
    expect(usable(blocks, TYPES, "block")).toEqual(["block_1"]);
    expect(usable(blocks, TYPES, "block_1")).toEqual([]);
    expect(wayTo(network, TYPES, "block_1")).toEqual(["block", "block_1"]);
  });
});

describe("arguments", () => {
  beforeEach(() => {
    open.actions.enter("block");
    open.actions.setParam("a", "units", 4);
    open.actions.expose(["a", "units"]);
  });

  test("an exposed field is the default, and each use may set it", () => {
    expect(state().draft.parameters).toEqual({ units: { default: 4, sets: [["a", "units"]] } });
    open.actions.leave();
    open.actions.setArgument("block", "units", 9);
    expect(findNode(state().draft, "block")?.params.arguments).toEqual({ units: 9 });
    open.actions.setArgument("block", "units", undefined);
    expect(findNode(state().draft, "block")?.params).toEqual({ block: "block" });
  });

  test("one argument may set several fields, and lets go of one", () => {
    open.actions.expose(["b", "units"], "units");
    open.actions.unexpose("units", ["a", "units"]);
    expect(state().draft.parameters?.units?.sets).toEqual([["b", "units"]]);
    expect(findNode(state().draft, "a")?.params).toEqual({ units: 4 });
  });

  test("a name that is changed is changed at every use", () => {
    open.actions.leave();
    open.actions.setArgument("block_1", "units", 9);
    open.actions.enter("block");
    expect(open.actions.renameParameter("units", "No")).toContain("small letter");
    expect(open.actions.renameParameter("units", "width")).toBeNull();
    open.actions.leave();
    expect(findNode(state().draft, "block_1")?.params.arguments).toEqual({ width: 9 });
  });

  test("one that is removed is gone at every use; the field keeps the default", () => {
    open.actions.leave();
    open.actions.setArgument("block_1", "units", 9);
    open.actions.enter("block");
    open.actions.setDefault("units", 6);
    open.actions.unexpose("units");
    expect(findNode(state().draft, "a")?.params).toEqual({ units: 6 });
    open.actions.leave();
    expect(findNode(state().draft, "block_1")?.params).toEqual({ block: "block" });
  });

  test("with the layer that it sets, an argument goes too; a renamed layer keeps it", () => {
    open.actions.rename("a", "wide");
    expect(state().draft.parameters?.units?.sets).toEqual([["wide", "units"]]);
    open.actions.select(["wide"]);
    open.actions.removeSelection();
    expect(state().draft.parameters).toEqual({});
  });
});

describe("a block from another document", () => {
  const { heading: _, name: __, format: ___, ...body } = sketch("in:Start x:Plain out:End");
  const blocks = { block: { ...body, title: "Other", parameters: {} } };

  test("comes along with the layer that is made of it, under a name that is free, as one step", () => {
    const before = steps();
    open.actions.insert({ type: "Fold", params: { block: "block" }, blocks });
    expect(steps()).toBe(before + 1);
    expect(findNode(state().draft, "block_2")?.params).toEqual({ block: "block_1" });
    expect(state().network.blocks?.block_1?.title).toBe("Other");
    open.actions.insert({
      type: "Fold",
      params: { block: "block_1" },
      blocks: { block_1: blocks.block },
    });
    expect(Object.keys(state().network.blocks ?? {})).toEqual(["block", "block_1"]);
    open.actions.undo();
    open.actions.undo();
    expect(Object.keys(state().network.blocks ?? {})).toEqual(["block"]);
  });
});

describe("names", () => {
  test("the name in the code follows the title, at every use", () => {
    open.actions.nameBlock("block", "Höhe, Teil 2!");
    expect(Object.keys(state().network.blocks ?? {})).toEqual(["hohe_teil_2"]);
    expect(findNode(state().draft, "block_1")?.params.block).toBe("hohe_teil_2");
    open.actions.nameBlock("hohe_teil_2", "層");
    expect(state().network.blocks?.hohe_teil_2?.title).toBe("層");
  });

  test("a block that nothing is made of any more stays until it is forgotten", () => {
    open.actions.enter("block");
    open.actions.select(["a"]);
    open.actions.fold();
    open.actions.leave();
    expect(unused(state().network, TYPES)).toEqual([]);
    open.actions.select(["block", "block_1"]);
    open.actions.removeSelection();
    expect(unused(state().network, TYPES)).toEqual(["block", "block_1"]);
    open.actions.forgetBlocks();
    expect(state().network.blocks).toEqual({});
  });
});

describe("shared weights", () => {
  test("a duplicate has the weights of the first, and with its own the same parameters", () => {
    start(CHAIN);
    open.actions.setParam("a", "units", 3);
    open.actions.select(["a"]);
    expect(open.actions.duplicateShared()).toBeNull();
    expect(findNode(state().draft, "a_1")).toMatchObject({ params: {}, shares: "a" });
    expect(open.actions.duplicateShared()).toBeNull();
    expect(findNode(state().draft, "a_2")?.shares).toBe("a");
    open.actions.ownWeights();
    expect(findNode(state().draft, "a_2")).toEqual({
      id: "a_2",
      type: "Plain",
      params: { units: 3 },
    });
    open.actions.select(["start"]);
    expect(open.actions.duplicateShared()).toContain("no weights");
  });
});
