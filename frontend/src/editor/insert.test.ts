import { describe, expect, test } from "vitest";
import { emptyDraft } from "./draft";
import { fitsAtWire, insertAfter, insertAtWire } from "./insert";
import { sketch, TYPES, wiring } from "./testing";

describe("inserting after the selection", () => {
  test("a chain grows from an empty canvas by inserting alone", () => {
    let draft = emptyDraft();
    for (const type of ["Start", "Plain", "Plain", "End"]) {
      draft = insertAfter(draft, TYPES, type, []).draft;
    }
    expect(wiring(draft)).toBe("start>plain plain>plain_1 plain_1>end");
  });

  test("the new layer comes between the selected one and what it fed", () => {
    const { draft } = insertAfter(sketch("a b", "a>b"), TYPES, "Plain", ["a"]);
    expect(wiring(draft)).toBe("plain>b a>plain");
  });

  test("with the last layer selected the new one goes in front of it", () => {
    const { draft } = insertAfter(sketch("a end:End", "a>end"), TYPES, "Plain", ["end"]);
    expect(wiring(draft)).toBe("a>plain plain>end");
  });

  test("an end that nothing feeds yet is fed by the new layer", () => {
    const { draft } = insertAfter(sketch("end:End"), TYPES, "Plain", ["end"]);
    expect(wiring(draft)).toBe("plain>end");
  });

  test("two selected layers both feed a merging layer, in the order of the network", () => {
    const draft = sketch("a b c", "a>b a>c");
    expect(wiring(insertAfter(draft, TYPES, "Merge", ["c", "b"]).draft)).toBe(
      "a>b a>c b>merge c>merge",
    );
  });

  test("a second beginning stands beside the first and is connected to nothing", () => {
    const draft = sketch("start:Start a", "start>a");
    const result = insertAfter(draft, TYPES, "Start", ["a"]);
    expect(wiring(result.draft)).toBe("start>a");
    expect(result.draft.layout[result.id]).not.toEqual(draft.layout.start);
  });

  test("an end behind a layer in the middle does not cut what follows", () => {
    const { draft } = insertAfter(sketch("a b", "a>b"), TYPES, "End", ["a"]);
    expect(wiring(draft)).toBe("a>b a>end");
    expect(draft.layout.end).not.toEqual(draft.layout.b);
  });

  test("in a network that flows to the right the new layer stands at the right", () => {
    const draft = { ...sketch("a b", "a>b"), heading: "right" as const };
    const { layout } = insertAfter(
      { ...draft, layout: { a: [0, 0], b: [300, 0] } },
      TYPES,
      "Plain",
      ["a"],
    ).draft;
    expect(layout.plain?.[0]).toBeGreaterThan(244);
    expect(layout.b?.[0]).toBeGreaterThan((layout.plain?.[0] ?? 0) + 244);
    expect(layout.plain?.[1]).toBe(0);
  });

  test("no two layers are put on one another", () => {
    let draft = emptyDraft();
    for (let index = 0; index < 6; index += 1) {
      draft = insertAfter(draft, TYPES, index === 0 ? "Start" : "Plain", ["start"]).draft;
    }
    const places = Object.values(draft.layout).map(([, y]) => y);
    expect(new Set(places).size).toBe(6);
  });
});

describe("a wire dropped on the empty canvas", () => {
  test("from an output: the new layer is fed by it", () => {
    const result = insertAtWire(sketch("a"), TYPES, "Plain", { from: "a", side: "source" }, [5, 6]);
    if (!result.ok) throw new Error(result.reason);
    expect(wiring(result.draft)).toBe("a>plain");
    expect(result.draft.layout.plain).toEqual([5, 6]);
  });

  test("from an input: the new layer feeds it", () => {
    const result = insertAtWire(sketch("a"), TYPES, "Plain", { from: "a", side: "target" }, [5, 6]);
    if (!result.ok) throw new Error(result.reason);
    expect(wiring(result.draft)).toBe("plain>a");
  });

  test("only layers that can take the wire's other end are offered", () => {
    const draft = sketch("a");
    const offered = (side: "source" | "target") =>
      [...TYPES.keys()].filter((type) => fitsAtWire(draft, TYPES, { type }, { from: "a", side }));
    expect(offered("source")).not.toContain("Start");
    expect(offered("source")).toContain("End");
    expect(offered("target")).not.toContain("End");
    expect(offered("target")).toContain("Start");
  });
});
