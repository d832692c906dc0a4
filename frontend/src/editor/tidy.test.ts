import { describe, expect, test } from "vitest";
import type { Draft } from "./draft";
import { orderOf } from "./flow";
import { headingOf, NODE_HEIGHT, NODE_WIDTH } from "./places";
import { sketch } from "./testing";
import { placed, tidy, turned } from "./tidy";

function overlaps(draft: Draft): string[] {
  const places = Object.entries(draft.layout);
  return places.flatMap(([a, [ax, ay]], index) =>
    places
      .slice(index + 1)
      .filter(([, [bx, by]]) => Math.abs(ax - bx) < NODE_WIDTH && Math.abs(ay - by) < NODE_HEIGHT)
      .map(([b]) => `${a} and ${b}`),
  );
}

function chain(length: number): Draft {
  const ids = Array.from({ length }, (_, index) => `n${index}`);
  return {
    ...sketch(
      ids.join(" "),
      ids
        .slice(1)
        .map((id, index) => `n${index}>${id}`)
        .join(" "),
    ),
    layout: {},
  };
}

describe("tidy", () => {
  test("layers flow downwards and none covers another", () => {
    const draft = tidy(sketch("a b c m:Merge d", "a>b a>c b>m c>m m>d a>m"));
    for (const { source, target } of draft.edges) {
      expect(draft.layout[target]?.[1]).toBeGreaterThan(draft.layout[source]?.[1] ?? 0);
    }
    expect(overlaps(draft)).toEqual([]);
  });

  test("a chain of 2,000 layers is set out in order", () => {
    const draft = tidy(chain(2000));
    const heights = orderOf(draft).map((id) => draft.layout[id]?.[1] ?? Number.NaN);
    expect(heights.every((y, index) => index === 0 || y > (heights[index - 1] ?? 0))).toBe(true);
  });

  test("turned, the network flows to the right, and its layout says so", () => {
    const draft = turned(sketch("a b c m:Merge d", "a>b a>c b>m c>m m>d a>m"), "right");
    for (const { source, target } of draft.edges) {
      expect(draft.layout[target]?.[0]).toBeGreaterThan(draft.layout[source]?.[0] ?? 0);
    }
    expect(overlaps(draft)).toEqual([]);
    expect(headingOf(draft.edges, draft.layout)).toBe("right");
  });

  test("a draft with a cycle is set out too", () => {
    const draft = tidy(sketch("a b c", "a>b b>c c>a"));
    expect(overlaps(draft)).toEqual([]);
  });
});

describe("placing", () => {
  test("a network without a layout is set out whole", () => {
    expect(overlaps(placed(chain(5)))).toEqual([]);
  });

  test("layers that have a place keep it", () => {
    const draft = { ...sketch("a b", "a>b"), layout: { a: [7, 7] } as const };
    const result = placed(draft);
    expect(result.layout.a).toEqual([7, 7]);
    expect(result.layout.b?.[1]).toBeGreaterThan(7);
  });
});
