import { expect, test } from "vitest";
import { roundTicks } from "./Plane";

test.each([
  [0, 1, [0, 0.5, 1]],
  [92_765, 458_125, [100_000, 200_000, 300_000, 400_000]],
  [-0.07, 0.07, [-0.05, 0, 0.05]],
  [3, 3, [3]],
  [1e-9, 4e-9, [1e-9, 2e-9, 3e-9, 4e-9]],
])("from %d to %d the axis is marked at %j", (low, high, ticks) => {
  expect(roundTicks(low, high)).toEqual(ticks);
});
