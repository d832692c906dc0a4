import { expect, test } from "vitest";
import { DATASET, EVALUATION } from "../testing";
import { verdict } from "./words";

test("classes: how many were right, and what always saying the most frequent gives", () => {
  expect(verdict(EVALUATION, "species", DATASET)).toEqual({
    headline: "Right on 29 of 30 rows it has never seen: 96.7%.",
    comparison: "Always saying “setosa”: 33.3%.",
    better: true,
  });
});

test("images are called images, and the part of the data is told", () => {
  const { headline } = verdict({ ...EVALUATION, split: "train" }, "label", {
    kind: "images",
    description: null,
  });
  expect(headline).toBe("Right on 29 of 30 images it was trained on: 96.7%.");
});

test("a model no better than the baseline is not praised", () => {
  const confusion = [
    [10, 0, 0],
    [10, 0, 0],
    [10, 0, 0],
  ];
  expect(verdict({ ...EVALUATION, confusion }, "species", DATASET).better).toBe(false);
});

test("the baseline names no class that it could not be", () => {
  const evaluation = { ...EVALUATION, baseline: { accuracy: 0.8 } };
  expect(verdict(evaluation, "species", DATASET).comparison).toBe(
    "Always saying the most frequent class: 80.0%.",
  );
});

test("numbers: how far off on average, against always saying the mean", () => {
  const evaluation = {
    split: "test" as const,
    rows: 89,
    metrics: { loss: 2_900, mae: 43.21, r2: 0.45 },
    baseline: { loss: 5_900, mae: 66.2, r2: 0 },
  };
  expect(verdict(evaluation, "progression", DATASET)).toEqual({
    headline:
      "Off by 43.2 on average when telling “progression” of 89 rows it has never seen. It explains 45% of the variation.",
    comparison: "Always saying the mean: off by 66.2.",
    better: true,
  });
});

test("a forecast is judged by the better of the last value and the mean", () => {
  const evaluation = {
    split: "test" as const,
    rows: 89,
    metrics: { mae: 3 },
    baseline: { mae: 7 },
    persistence: { mae: 2 },
  };
  const told = verdict(evaluation, "sold", DATASET);
  expect(told.comparison).toBe(
    "Always saying the last value: off by 2. Always saying the mean: off by 7.",
  );
  expect(told.better).toBe(false);
  expect(verdict({ ...evaluation, metrics: { mae: 1 } }, "sold", DATASET).better).toBe(true);
});
