import { expect, test } from "vitest";
import { column, rangeOf } from "./heat";

const look = (low: number | null, high: number | null, histogram: number[]) => ({
  mean: 0,
  std: 1,
  zeros: 0,
  low,
  high,
  histogram,
});

test("the range holds all looks, and is there for numbers that are all the same", () => {
  expect(rangeOf([look(-1, 2, [1]), null, look(0, 5, [1])])).toEqual({ low: -1, high: 5 });
  expect(rangeOf([look(3, 3, [4])])).toEqual({ low: 1.5, high: 4.5 });
  expect(rangeOf([look(null, null, [])])).toBeNull();
  expect(rangeOf([])).toBeNull();
});

test("a column lies where its numbers lie, and its fullest cell is full", () => {
  expect(column(look(0, 2, [1, 0, 0, 4]), { low: -2, high: 2 })).toEqual([
    { bottom: 0.5, top: 0.625, share: 0.25 },
    { bottom: 0.875, top: 1, share: 1 },
  ]);
  expect(column(look(null, 1, [1]), { low: 0, high: 1 })).toEqual([]);
});
