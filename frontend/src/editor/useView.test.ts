import { expect, test } from "vitest";
import { startOf } from "./useView";

const SIZE = { width: 800, height: 500 };

test("of a long network the first layer is seen at the top, in the middle", () => {
  const layout = { input: [100, 40], dense: [100, 132], output: [900, 9_000] } as const;
  expect(startOf(layout, "down", SIZE)).toEqual({
    x: 400 - 222 * 0.8,
    y: 24 - 40 * 0.8,
    zoom: 0.8,
  });
});

test("one that goes right begins at the left, with its several inputs in the middle", () => {
  const layout = { a: [0, 0], b: [0, 84], output: [20_000, 42] } as const;
  expect(startOf(layout, "right", SIZE)).toEqual({ x: 24, y: 250 - 70 * 0.8, zoom: 0.8 });
});
