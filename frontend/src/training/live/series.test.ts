import { describe, expect, test } from "vitest";
import { Series } from "./series";

function filled(count: number, value: (i: number) => number | null): Series {
  const series = new Series();
  for (let i = 0; i < count; i += 1) series.push(i, value(i));
  return series;
}

describe("pushing", () => {
  test("a value that is not finite is kept as a gap", () => {
    const series = filled(3, (i) => (i === 1 ? null : i));
    expect([...series.y.subarray(0, 3)]).toEqual([0, Number.NaN, 2]);
    expect(series.last()).toEqual({ x: 2, y: 2 });
  });

  test("training that is taken up again replaces the points after its place", () => {
    const series = filled(300, (i) => i);
    series.thin(0, 300, 10);
    series.push(100, -5);
    expect(series.length).toBe(101);
    expect(series.thin(0, 300, 10).map((i) => series.y[i])).toContain(-5);
    expect(Math.max(...series.thin(0, 300, 10))).toBe(100);
  });
});

describe("thinning", () => {
  test("few points are all drawn", () => {
    expect(filled(100, (i) => i).thin(0, 99, 400)).toHaveLength(100);
  });

  test.each([20_000, 1_000_000])("of %i points the highest and the lowest stay", (count) => {
    const series = filled(count, (i) => (i === 777 ? 9 : i === 12_345 ? -9 : Math.sin(i)));
    const drawn = series.thin(0, count - 1, 500);
    const values = drawn.map((i) => series.y[i] as number);
    expect(drawn.length).toBeLessThanOrEqual(500 * 5 + 5);
    expect(Math.max(...values)).toBe(9);
    expect(Math.min(...values)).toBe(-9);
    expect(drawn[0]).toBe(0);
    expect(drawn[drawn.length - 1]).toBe(count - 1);
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test.each([20_000, 400_000])("of %i points a single gap is not thinned away", (count) => {
    const series = filled(count, (i) => (i === 5_001 ? null : 1));
    const drawn = series.thin(0, count - 1, 100);
    expect(drawn.filter((i) => Number.isNaN(series.y[i]))).toEqual([5_001]);
  });

  test("a view shows its own points and one beyond each edge", () => {
    const drawn = filled(1_000, (i) => i).thin(400.5, 409.5, 300);
    expect(drawn).toEqual([400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410]);
  });
});

test("the nearest point answers for a place between two", () => {
  const series = filled(10, (i) => i * 10);
  expect(series.nearest(3.4)).toBe(30);
  expect(series.nearest(3.6)).toBe(40);
  expect(series.nearest(99)).toBe(90);
  expect(new Series().nearest(1)).toBeNull();
});
