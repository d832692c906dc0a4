import { describe, expect, test } from "vitest";
import { copyNodes, duplicateNodes, pastePart, readPart } from "./clipboard";
import { type Block, type Draft, emptyDraft, findNode } from "./draft";
import { setShares } from "./sharing";
import { sketch, TYPES, wiring } from "./testing";

function part(text: string) {
  const result = readPart(text, TYPES);
  if (!result.ok) throw new Error(result.reason);
  return result.part;
}

const FOLDED: Draft = {
  ...sketch("f:Fold"),
  nodes: [{ id: "f", type: "Fold", params: { block: "pair" } }],
};

function block(nodes: string): Block {
  const { heading: _, name: __, format: ___, ...body } = sketch(nodes);
  return { ...body, parameters: {} };
}

function using(name: string): Block {
  return { ...block("x:Fold"), nodes: [{ id: "x", type: "Fold", params: { block: name } }] };
}

describe("copy and paste", () => {
  test("pasted layers get fresh ids and keep the wires among themselves", () => {
    const draft = sketch("start:Start a b end:End", "start>a a>b b>end");
    const pasted = pastePart(draft, part(copyNodes(draft, ["a", "b"])));
    expect(pasted.ids).toEqual(["a_1", "b_1"]);
    expect(wiring(pasted.draft)).toBe("start>a a>b b>end a_1>b_1");
  });

  test("pasted layers stand beside the copied ones, or where the pointer is", () => {
    const draft = sketch("a b");
    const copied = part(copyNodes(draft, ["b"]));
    expect(pastePart(draft, copied).draft.layout.b_1).toEqual([40, 140]);
    expect(pastePart(draft, copied, [500, 7]).draft.layout.b_1).toEqual([500, 7]);
  });

  test("a whole architecture on an empty canvas keeps its ids and name", () => {
    const whole = sketch("start:Start a", "start>a");
    const pasted = pastePart(emptyDraft(), part(copyNodes(whole, ["start", "a"])));
    expect(pasted.draft).toEqual(whole);
  });

  test("copies share among themselves, and with the original when it was not copied", () => {
    const draft = setShares(sketch("a b"), "b", "a");
    const both = pastePart(draft, part(copyNodes(draft, ["a", "b"]))).draft;
    expect(findNode(both, "b_1")?.shares).toBe("a_1");
    const one = pastePart(draft, part(copyNodes(draft, ["b"]))).draft;
    expect(findNode(one, "b_1")?.shares).toBe("a");
  });

  test("the blocks that a layer is made of go along with it, and no others", () => {
    const inner = { ...block("deep:Plain"), title: "Inner" };
    const blocks = { pair: using("inner"), inner, other: block("x:Start") };
    const pasted = pastePart(sketch("a"), part(copyNodes({ ...FOLDED, blocks }, ["f"])));
    expect(Object.keys(pasted.draft.blocks ?? {})).toEqual(["pair", "inner"]);
    expect(findNode(pasted.draft, "f")?.params).toEqual({ block: "pair" });
  });

  test("a block of the same name that is another one comes along under a name of its own", () => {
    const copied = part(copyNodes({ ...FOLDED, blocks: { pair: block("x:Start") } }, ["f"]));
    const own = { ...sketch("a"), blocks: { pair: block("other:Start") } };
    const { draft } = pastePart(own, copied);
    expect(draft.blocks?.pair).toEqual(own.blocks.pair);
    expect(draft.blocks?.pair_1?.nodes[0]?.id).toBe("x");
    expect(findNode(draft, "f")?.params).toEqual({ block: "pair_1" });
    const again = pastePart({ ...sketch("a"), blocks: { pair: block("x:Start") } }, copied);
    expect(Object.keys(again.draft.blocks ?? {})).toEqual(["pair"]);
  });

  test("a name that the user gave is not overwritten by paste", () => {
    const pasted = pastePart(emptyDraft("Mine"), sketch("a"));
    expect(pasted.draft.name).toBe("Mine");
  });

  test("duplicating makes a second copy and leaves the first", () => {
    const draft = sketch("a b", "a>b");
    const result = duplicateNodes(draft, ["a", "b"]);
    expect(wiring(result.draft)).toBe("a>b a_1>b_1");
    expect(duplicateNodes(draft, [])).toEqual({ draft, ids: [] });
  });
});

describe("text that is no part of a network is refused with the reason", () => {
  const node = { id: "a", type: "Plain" };
  test.each([
    ["hello", "other text"],
    ["[1, 2]", "other JSON"],
    ['{"format": "neuroloom/9", "nodes": []}', "other JSON"],
    [JSON.stringify({ format: "neuroloom/1", nodes: [{ id: 1 }] }), "other JSON"],
    [JSON.stringify({ format: "neuroloom/1", nodes: [{ ...node, type: "Nope" }] }), "Nope"],
    [JSON.stringify({ format: "neuroloom/1", nodes: [node, node] }), "share an id"],
    [
      JSON.stringify({
        format: "neuroloom/1",
        nodes: [node],
        edges: [{ source: "a", target: "ghost" }],
      }),
      "ghost",
    ],
  ])("%s", (text, expected) => {
    const result = readPart(text, TYPES);
    expect(result.ok ? "" : result.reason).toContain(expected);
  });
});
