import { describe, expect, test } from "vitest";
import { type Draft, findNode } from "../draft";
import { sketch, TYPES, wiring } from "../testing";
import { fold } from "./fold";
import { levelOf } from "./level";
import { unfold } from "./unfold";

function folded(draft: Draft, ...ids: string[]) {
  const result = fold(draft, TYPES, ids);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

function unfolded(draft: Draft, id: string) {
  const result = unfold(draft, TYPES, id);
  if (!result.ok) throw new Error(result.reason);
  return result.draft;
}

function refused(draft: Draft, ...ids: string[]): string {
  const result = fold(draft, TYPES, ids);
  return result.ok ? "" : result.reason;
}

const CHAIN = sketch("start:Start a b c end:End", "start>a a>b b>c c>end");

describe("folding", () => {
  test("one wire in and one out: a block like any other layer", () => {
    const { draft, id } = folded(CHAIN, "a", "b");
    expect(wiring(draft)).toBe("start>block block>c c>end");
    expect(findNode(draft, id)).toMatchObject({ type: "Fold", params: { block: "block" } });
    const inner = levelOf(draft, TYPES, [id]);
    expect(wiring(inner)).toBe("start>a a>b b>end");
    expect(inner.nodes.map(({ id, type }) => `${id}:${type}`)).toEqual([
      "start:Start",
      "a:Plain",
      "b:Plain",
      "end:End",
    ]);
  });

  test("a value that several layers take comes in once, each value that goes out has a name", () => {
    const draft = sketch("s:Start t:Start a b m:Merge n:Merge", "s>a s>b t>b:x a>m b>n a>n t>n");
    const { draft: after } = folded(draft, "a", "b");
    expect(wiring(after)).toBe(
      "s>block:start t>block:start_1 block.end>m block.end_1>n block.end>n t>n",
    );
    expect(wiring(levelOf(after, TYPES, ["block"]))).toBe(
      "start>a start>b start_1>b:x a>end b>end_1",
    );
  });

  test("the order of a layer's inputs stays what it was, inside and outside", () => {
    const draft = sketch("s:Start t:Start a m:Merge n:Merge", "s>m a>m s>a m>n t>n a>n");
    const { draft: after } = folded(draft, "a", "m");
    expect(wiring(after)).toBe("s>block block.end>n t>n block.end_1>n");
    expect(wiring(levelOf(after, TYPES, ["block"]))).toBe("start>m a>m start>a m>end a>end_1");
  });

  test("layers without wires get an input and an output all the same", () => {
    const { draft } = folded(sketch("a b"), "a");
    expect(wiring(levelOf(draft, TYPES, ["block"]))).toBe("start>a a>end");
  });

  test("what follows moves up behind the block", () => {
    const { draft } = folded(CHAIN, "a", "b");
    expect(draft.layout).toMatchObject({ start: [0, 0], block: [0, 100], c: [0, 200] });
  });

  test("a second block has another name", () => {
    const { draft } = folded(folded(CHAIN, "a").draft, "b");
    expect(Object.keys(draft.blocks ?? {})).toEqual(["block", "block_1"]);
    expect(draft.blocks?.block_1?.title).toBe("Block 1");
  });

  test("ends of the network stay outside, and the reason names them", () => {
    expect(refused(CHAIN, "start", "a")).toContain("start begins");
    expect(refused(CHAIN, "c", "end")).toContain("end ends");
    expect(refused(CHAIN)).toContain("Select");
  });

  test("layers with others between them would make a cycle: the others are named", () => {
    expect(refused(CHAIN, "a", "c")).toContain(
      "b would have to come after the block and before it",
    );
  });

  test("weights are not shared through the wall of a block", () => {
    const shared = { ...CHAIN.nodes[2], id: "b", type: "Plain", params: {}, shares: "a" };
    const draft = { ...CHAIN, nodes: CHAIN.nodes.map((node) => (node.id === "b" ? shared : node)) };
    expect(refused(draft, "a")).toContain("b computes with the weights of a");
    expect(refused(draft, "a", "b")).toBe("");
  });

  test("what uses of the block around set reaches through, and back when it is unfolded", () => {
    const parameters = {
      size: {
        default: 5,
        sets: [
          ["a", "units"],
          ["c", "units"],
        ],
      },
      other: { default: 1, sets: [["c", "activation"]] },
    };
    const { draft } = folded({ ...CHAIN, parameters }, "a", "b");
    expect(draft.parameters).toEqual({
      size: {
        default: 5,
        sets: [
          ["c", "units"],
          ["block", "arguments", "size"],
        ],
      },
      other: parameters.other,
    });
    expect(draft.blocks?.block?.parameters).toEqual({
      size: { default: 5, sets: [["a", "units"]] },
    });
    expect(unfolded(draft, "block").parameters?.size?.sets).toEqual([
      ["c", "units"],
      ["a", "units"],
    ]);
  });
});

describe("unfolding", () => {
  test("a repeated block becomes its copies in a row", () => {
    const { draft } = folded(CHAIN, "a", "b");
    const nodes = draft.nodes.map((node) =>
      node.id === "block" ? { ...node, params: { ...node.params, repeat: 2 } } : node,
    );
    expect(wiring(unfolded({ ...draft, nodes }, "block"))).toBe(
      "start>a a>b b>a_1 a_1>b_1 b_1>c c>end",
    );
  });

  test("what a use sets stays set", () => {
    const { draft } = folded(CHAIN, "a", "b");
    const blocks = {
      block: {
        ...draft.blocks?.block,
        nodes: draft.blocks?.block?.nodes ?? [],
        edges: draft.blocks?.block?.edges ?? [],
        layout: {},
        parameters: {
          size: { default: 5, sets: [["a", "units"]] },
          bend: { default: "bent", sets: [["b", "activation"]] },
        },
      },
    };
    const nodes = draft.nodes.map((node) =>
      node.id === "block" ? { ...node, params: { block: "block", arguments: { size: 9 } } } : node,
    );
    const after = unfolded({ ...draft, nodes, blocks }, "block");
    expect(findNode(after, "a")?.params).toEqual({ units: 9 });
    expect(findNode(after, "b")?.params).toEqual({ activation: "bent" });
  });

  test("a block that is used elsewhere too stays", () => {
    const { draft } = folded(CHAIN, "a");
    const twice = {
      ...draft,
      nodes: [...draft.nodes, { id: "again", type: "Fold", params: { block: "block" } }],
    };
    expect(Object.keys(unfolded(twice, "again").blocks ?? {})).toEqual(["block"]);
    expect(unfolded(unfolded(twice, "again"), "block")).not.toHaveProperty("blocks");
  });
});

/** A generator of numbers below a limit that repeats itself for a seed. */
function dice(seed: number) {
  let state = seed;
  return (limit: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * limit);
  };
}

/** A network whose layers are fed by earlier ones, and some of them. */
function anyNetwork(seed: number): { draft: Draft; ids: string[] } {
  const roll = dice(seed);
  const count = 3 + roll(9);
  const nodes = ["start:Start"];
  const edges: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const merges = index > 2 && roll(3) === 0;
    nodes.push(`n${index}:${merges ? "Merge" : "Plain"}`);
    const sources = new Set<number>();
    while (sources.size < (merges ? 2 : 1)) sources.add(roll(index));
    for (const source of sources) edges.push(`${source === 0 ? "start" : `n${source}`}>n${index}`);
  }
  nodes.push("end:End");
  edges.push(`n${count}>end`);
  const ids = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  return { draft: sketch(nodes.join(" "), edges.join(" ")), ids: ids.filter(() => roll(2) === 0) };
}

describe("any network", () => {
  test("folded and unfolded again is the same network, whatever was selected", () => {
    let done = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const { draft, ids } = anyNetwork(seed);
      const once = fold(draft, TYPES, ids);
      if (!once.ok) continue;
      done += 1;
      const again = unfolded(once.draft, once.id);
      const into = (network: Draft, id: string) =>
        network.edges.filter(({ target }) => target === id).map(({ source }) => source);
      for (const { id } of draft.nodes) expect(into(again, id)).toEqual(into(draft, id));
      expect(again.edges.every(({ port, output }) => !port && !output)).toBe(true);
      expect(again.nodes.map(({ id }) => id).sort()).toEqual(
        draft.nodes.map(({ id }) => id).sort(),
      );
    }
    expect(done).toBeGreaterThan(100);
  });
});
