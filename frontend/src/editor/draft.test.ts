import { describe, expect, test } from "vitest";
import type { Catalog, Edge } from "../api";
import { meaning, readDraft, writeDraft } from "./document";
import {
  addable,
  addNode,
  blockOf,
  emptyDraft,
  findNode,
  freshId,
  moveNodes,
  renameNode,
  sameValue,
  setParams,
  setTitle,
  snakeCase,
} from "./draft";
import { portOf, portsOf } from "./ports";
import { setShares } from "./sharing";
import { sketch, TYPES } from "./testing";
import { removeNodes } from "./wires";

describe("ids", () => {
  test.each([
    ["Plain", "plain"],
    ["DoubleTwist2D", "double_twist2d"],
    ["Twist2D", "twist2d"],
    ["ABCD", "abcd"],
    ["SimpleABC", "simple_abc"],
    ["2Wrong", "layer"],
  ])("the type %s becomes the id %s", (type, id) => {
    expect(snakeCase(type)).toBe(id);
  });

  test("a taken id gets the first free number", () => {
    expect(freshId("plain", new Set(["plain", "plain_1"]))).toBe("plain_2");
    expect(freshId("plain_1", new Set(["plain_1", "plain"]))).toBe("plain_2");
  });

  test("a long id stays within 63 characters when it is numbered", () => {
    const long = `a${"b".repeat(62)}`;
    expect(freshId(long, new Set([long])).length).toBeLessThanOrEqual(63);
  });

  test("two layers of one type get different ids", () => {
    const first = addNode(emptyDraft(), "Plain", [1, 2]);
    const second = addNode(first.draft, "Plain");
    expect([first.id, second.id]).toEqual(["plain", "plain_1"]);
    expect(second.draft.layout).toEqual({ plain: [1, 2] });
  });
});

describe("shared weights", () => {
  test("a layer that others share is renamed with them", () => {
    const draft = setShares(sketch("a b c"), "b", "a");
    const outcome = renameNode(draft, "a", "first");
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.draft.nodes.map(({ id, shares }) => [id, shares ?? null])).toEqual([
      ["first", null],
      ["b", "first"],
      ["c", null],
    ]);
  });

  test("numbers and checks depend on them", () => {
    const draft = sketch("a b");
    expect(meaning(setShares(draft, "b", "a"))).not.toEqual(meaning(draft));
    expect(setShares(setShares(draft, "b", "a"), "b", null)).toEqual(draft);
  });

  test("when a layer goes, the first that shared its weights keeps them for the others", () => {
    let draft = setParams(sketch("a b c", "a>b b>c"), TYPES, "a", { units: 7 });
    draft = setShares(setShares(draft, "b", "a"), "c", "a");
    const rest = removeNodes(draft, TYPES, ["a"]);
    expect(findNode(rest, "b")).toEqual({ id: "b", type: "Plain", params: { units: 7 } });
    expect(findNode(rest, "c")?.shares).toBe("b");
  });
});

describe("blocks", () => {
  const blocks = {
    pair: {
      title: "A pair",
      nodes: [
        { id: "one", type: "Start", params: {} },
        { id: "two", type: "Start", params: {} },
        { id: "end", type: "End", params: {} },
      ],
      edges: [{ source: "one", target: "end" }],
      layout: { one: [1, 2] as [number, number] },
      parameters: { size: { default: 3, sets: [["one", "units"]] } },
    },
  };
  const node = { id: "fold", type: "Fold", params: { block: "pair" } };
  const document = {
    format: "neuroloom/1" as const,
    name: "Folded",
    nodes: [{ id: "a", type: "Plain", params: {} }, node],
    edges: [{ source: "a", target: "fold", output: "x", port: "two" }],
    layout: {},
    blocks,
  };

  test("are opened and saved as they are, and numbers depend on them", () => {
    expect(writeDraft(readDraft(document))).toEqual(document);
    const { layout: _, ...meant } = blocks.pair;
    expect(meaning(readDraft(document)).blocks).toEqual({ pair: meant });
    expect(writeDraft(readDraft({ format: "neuroloom/1", blocks: {} }))).not.toHaveProperty(
      "blocks",
    );
  });

  test("have a title and the inputs that are in them", () => {
    const draft = readDraft(document);
    expect(blockOf(draft, TYPES, "fold")?.title).toBe("A pair");
    expect(blockOf(draft, TYPES, "a")).toBeUndefined();
    expect(portsOf(draft, TYPES, "fold")).toEqual(["one", "two"]);
    expect(portOf(draft, TYPES, draft.edges[0] as Edge)).toBe("two");
  });

  test("are not among the layers that can be added by themselves", () => {
    const catalog = { layers: [...TYPES.values()] } as unknown as Catalog;
    expect(addable(catalog).map(({ type }) => type)).not.toContain("Fold");
  });
});

describe("documents", () => {
  test("what is read and written again is the same document", () => {
    const document = writeDraft(sketch("start:Start a:Plain", "start>a"));
    expect(writeDraft(readDraft(document))).toEqual(document);
  });

  test("a document with nothing but its format is an empty draft", () => {
    expect(readDraft({ format: "neuroloom/1" })).toEqual(emptyDraft());
  });

  test("a position that is not two numbers is ignored", () => {
    const draft = readDraft({
      format: "neuroloom/1",
      nodes: [{ id: "a", type: "Plain" }],
      layout: { a: [Number.NaN, 1] },
    });
    expect(draft.layout).toEqual({});
  });

  test("positions of layers that are gone are not written", () => {
    const draft = { ...sketch("a"), layout: { a: [0, 0], ghost: [1, 1] } as const };
    expect(writeDraft(draft).layout).toEqual({ a: [0, 0] });
  });

  test("moving, naming and titling a layer leave the meaning as it was", () => {
    const draft = sketch("a");
    const changed = setTitle(moveNodes(draft, { a: [9, 9] }), "a", "My layer");
    expect(meaning({ ...changed, name: "Other" })).toEqual(meaning(draft));
    expect(meaning(setParams(draft, TYPES, "a", { units: 3 }))).not.toEqual(meaning(draft));
  });
});

describe("parameters", () => {
  test("a parameter set to its default is not written down", () => {
    const bent = setParams(sketch("a"), TYPES, "a", { activation: "bent", units: 4 });
    expect(findNode(bent, "a")?.params).toEqual({ activation: "bent", units: 4 });
    const back = setParams(bent, TYPES, "a", { activation: "linear" });
    expect(findNode(back, "a")?.params).toEqual({ units: 4 });
  });

  test("undefined takes a parameter back to its default", () => {
    const draft = setParams(sketch("a"), TYPES, "a", { units: 4 });
    expect(findNode(setParams(draft, TYPES, "a", { units: undefined }), "a")?.params).toEqual({});
  });

  test("a change that changes nothing is the same draft", () => {
    const draft = setParams(sketch("a"), TYPES, "a", { units: 4 });
    expect(setParams(draft, TYPES, "a", { units: 4 })).toBe(draft);
    expect(moveNodes(draft, { a: [0, 0] })).toBe(draft);
    expect(setTitle(draft, "a", " ")).toBe(draft);
  });

  test("values are compared as JSON", () => {
    expect(sameValue([1, [2]], [1, [2]])).toBe(true);
    expect(sameValue({ a: 1, b: null }, { b: null, a: 1 })).toBe(true);
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameValue([1], { 0: 1 })).toBe(false);
    expect(sameValue(1, "1")).toBe(false);
  });
});

describe("renaming", () => {
  test("wires and position follow the new id", () => {
    const result = renameNode(sketch("start:Start a end:End", "start>a a>end"), "a", "hidden");
    if (!result.ok) throw new Error(result.reason);
    expect(result.draft.edges).toEqual([
      { source: "start", target: "hidden" },
      { source: "hidden", target: "end" },
    ]);
    expect(result.draft.layout.hidden).toEqual([0, 100]);
  });

  test.each(["", "1a", "Big", "with space", `a${"b".repeat(63)}`])("%j is no id", (wanted) => {
    expect(renameNode(sketch("a"), "a", wanted)).toMatchObject({ ok: false });
  });

  test("an id that another layer has is refused by name", () => {
    expect(renameNode(sketch("a b"), "a", "b")).toEqual({
      ok: false,
      reason: "Another layer is already called b.",
    });
  });
});
