import { expect, test } from "vitest";
import { descendants, orderOf, pathBetween, ranksOf, walk } from "./flow";
import { sketch } from "./testing";

const DIAMOND = "a>b a>c b>m c>m m>end";
const diamond = () => ({
  ...sketch("a b c m:Merge end:End", DIAMOND),
  layout: { a: [100, 0], b: [0, 100], c: [200, 100], m: [100, 200], end: [100, 300] } as const,
});

test("order puts every layer after what feeds it", () => {
  expect(orderOf(sketch("c b a", "a>b b>c"))).toEqual(["a", "b", "c"]);
});

test("order names every layer once, on cycles too", () => {
  expect(orderOf(sketch("a b c", "b>c c>b a>b")).sort()).toEqual(["a", "b", "c"]);
});

test("a rank is the longest way from the beginning", () => {
  expect(ranksOf(sketch("a b m:Merge", "a>b b>m a>m")).get("m")).toBe(2);
});

test("a path is found along the wires only", () => {
  expect(pathBetween(diamond(), "a", "end")).toHaveLength(4);
  expect(pathBetween(diamond(), "end", "a")).toBeNull();
});

test("descendants are all layers behind, once each", () => {
  expect([...descendants(diamond(), "a")].sort()).toEqual(["b", "c", "end", "m"]);
});

test("arrow keys follow a network that flows to the right", () => {
  const draft = {
    ...diamond(),
    heading: "right" as const,
    layout: { a: [0, 100], b: [100, 0], c: [100, 200], m: [200, 100], end: [300, 100] } as const,
  };
  expect(walk(draft, "m", "right")).toBe("end");
  expect(walk(draft, "m", "left")).toBe("b");
  expect(walk(draft, "b", "down")).toBe("c");
  expect(walk(draft, "c", "up")).toBe("b");
  expect(walk(draft, "b", "up")).toBeNull();
});

test("arrow keys walk along the wires and across a row", () => {
  const draft = diamond();
  expect(walk(draft, "m", "down")).toBe("end");
  expect(walk(draft, "m", "up")).toBe("b");
  expect(walk(draft, "b", "right")).toBe("c");
  expect(walk(draft, "c", "left")).toBe("b");
  expect(walk(draft, "b", "left")).toBeNull();
  expect(walk(draft, "end", "down")).toBeNull();
});
