import { describe, expect, test } from "vitest";
import type { Fix } from "../api";
import { type Draft, findNode } from "./draft";
import { applyFix } from "./fix";
import { sketch, TYPES, wiring } from "./testing";
import type { Work } from "./work";

function fixed(draft: Draft, ...changes: Fix["changes"]): Work {
  const result = applyFix({ network: draft, datasetId: null, recipe: {} }, TYPES, {
    title: "",
    changes,
  });
  if (!result.ok) throw new Error(result.reason);
  return result.work;
}

describe("a fix", () => {
  test("sets parameters and leaves the others", () => {
    const draft = sketch("a");
    const once = fixed(draft, { op: "set_params", node: "a", params: { use_bias: false } }).network;
    const twice = fixed(once, { op: "set_params", node: "a", params: { units: 3 } }).network;
    expect(findNode(twice, "a")?.params).toEqual({ use_bias: false, units: 3 });
  });

  test("sets parameters of a layer inside a block, for every use of it", () => {
    const inner = sketch("fc out", "fc>out");
    const draft = { ...sketch("a"), blocks: { cell: inner, other: inner } };
    const change = { op: "set_params" as const, node: "fc", params: { units: 3 }, block: "cell" };
    const { network } = fixed(draft, change);
    expect(network.blocks?.cell?.nodes[0]?.params).toEqual({ units: 3 });
    expect(network.blocks?.other?.nodes[0]?.params).toEqual({});
    expect(network.nodes).toEqual(draft.nodes);
    const gone = { title: "", changes: [{ ...change, block: "gone" }] };
    const work = { network: draft, datasetId: null, recipe: {} };
    expect(applyFix(work, TYPES, gone).ok).toBe(false);
  });

  test("lets a layer share weights, or have its own again", () => {
    const once = fixed(sketch("a b"), { op: "set_shares", node: "b", shares: "a" }).network;
    expect(findNode(once, "b")?.shares).toBe("a");
    const twice = fixed(once, { op: "set_shares", node: "b", shares: null }).network;
    expect(findNode(twice, "b")?.shares).toBeUndefined();
  });

  test("inserts a layer on a wire", () => {
    const { network: draft } = fixed(sketch("a b", "a>b"), {
      op: "insert_node",
      type: "DoubleTwist2D",
      params: { filters: 8 },
      source: "a",
      target: "b",
    });
    expect(wiring(draft)).toBe("a>double_twist2d double_twist2d>b");
    expect(findNode(draft, "double_twist2d")?.params).toEqual({ filters: 8 });
  });

  test("adds a layer and wires it, under a fresh id when the wanted one is taken", () => {
    const { network: draft } = fixed(
      sketch("start:Start plain:Plain", "start>plain"),
      { op: "add_node", id: "plain", type: "Plain", params: { units: 2 } },
      { op: "add_edge", source: "start", target: "plain" },
    );
    expect(wiring(draft)).toBe("start>plain start>plain_1");
    expect(findNode(draft, "plain_1")?.params).toEqual({ units: 2 });
  });

  test("removes layers and wires", () => {
    const draft = sketch("a b c", "a>b b>c");
    expect(wiring(fixed(draft, { op: "remove_node", node: "b" }).network)).toBe("a>c");
    expect(wiring(fixed(draft, { op: "remove_edge", source: "a", target: "b" }).network)).toBe(
      "b>c",
    );
  });

  test("changes the recipe and leaves its other fields", () => {
    const work: Work = { network: sketch("a"), datasetId: "d", recipe: { epochs: 5 } };
    const result = applyFix(work, TYPES, {
      title: "",
      changes: [{ op: "set_recipe", values: { batch_size: 8 } }],
    });
    expect(result).toMatchObject({ ok: true, work: { recipe: { epochs: 5, batch_size: 8 } } });
  });

  test("that no longer fits changes nothing and says why", () => {
    const work: Work = { network: sketch("a"), datasetId: null, recipe: {} };
    const result = applyFix(work, TYPES, {
      title: "",
      changes: [
        { op: "set_params", node: "a", params: { units: 2 } },
        { op: "remove_node", node: "ghost" },
      ],
    });
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? "" : result.reason).toContain("ghost");
    expect(findNode(work.network, "a")?.params).toEqual({});
  });
});
