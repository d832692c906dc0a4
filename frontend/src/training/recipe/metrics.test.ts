import { expect, test } from "vitest";
import { CATALOG } from "../testing";
import { metricLabel, metricTitle, splitLabel, watchable } from "./metrics";

const TYPES = CATALOG.metrics;

test("a metric is called as the server calls its values", () => {
  expect(metricLabel("accuracy", TYPES)).toBe("accuracy");
  expect(metricLabel({ type: "top_k", k: 5 }, TYPES)).toBe("top_k");
  expect(metricLabel({ type: "top_k", k: 3 }, TYPES)).toBe("top_k(k=3)");
  expect(metricLabel({ type: "x", beta: 2, ids: [0, 1], kind: "PR" }, TYPES)).toBe(
    "x(beta=2, ids=[0, 1], kind=PR)",
  );
});

test("a name is told apart into type and parameters", () => {
  expect(splitLabel("top_k(k=3)")).toEqual({ type: "top_k", params: "k=3" });
  expect(splitLabel("loss")).toEqual({ type: "loss", params: null });
  expect(metricTitle("top_k(k=3)", TYPES)).toBe("Top-k accuracy (k 3)");
  expect(metricTitle("unheard_of", TYPES)).toBe("unheard_of");
});

test("what may be watched is what the run reports, of several Outputs that of each", () => {
  const recipe = { metrics: ["accuracy"], split: { validation: 0.2 } };
  expect(watchable(recipe, TYPES, [])).toEqual([
    { value: "val_loss", label: "Validation: loss" },
    { value: "loss", label: "Training: loss" },
    { value: "val_accuracy", label: "Validation: Accuracy" },
    { value: "accuracy", label: "Training: Accuracy" },
  ]);
  const output = {
    task: "regression",
    loss: { type: "MeanSquaredError" },
    loss_weight: 1,
  } as const;
  const outputs = [
    { ...output, node: "size", target: "a", metrics: ["size_mae"] },
    { ...output, node: "age", target: "b", metrics: [] },
  ];
  expect(watchable({ split: { validation: 0 } }, TYPES, outputs)).toEqual([
    { value: "loss", label: "Training: loss" },
    { value: "size_loss", label: "Training: size, loss" },
    { value: "size_mae", label: "Training: size, Mean absolute error" },
    { value: "age_loss", label: "Training: age, loss" },
  ]);
});
