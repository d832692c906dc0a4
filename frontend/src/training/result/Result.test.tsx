import { screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Evaluation } from "../../api";
import { answer, CATALOG, DATASET, EVALUATION, RUN, show } from "../testing";
import { Result } from "./Result";

const OUTPUT = { loss_weight: 1, metrics: [] };

afterEach(() => {
  vi.unstubAllGlobals();
});

test("of several Outputs each is judged by its own loss", async () => {
  const { rows: _, split: __, ...judged } = EVALUATION;
  const evaluation: Evaluation = {
    ...EVALUATION,
    metrics: { loss: 0.7, kind_loss: 0.12, size_loss: 0.58 },
    outputs: [
      { ...judged, node: "kind", target: "species" },
      {
        node: "size",
        target: "petal length",
        metrics: { loss: 0.58, mae: 0.4 },
        baseline: { loss: 3 },
      },
    ],
  };
  answer({
    "datasets/dataset-1": DATASET,
    [`runs/${RUN.id}/evaluation`]: evaluation,
  });
  const outputs = [
    {
      ...OUTPUT,
      node: "kind",
      target: "species",
      task: "classification" as const,
      loss: { type: "CategoricalCrossentropy" },
    },
    {
      ...OUTPUT,
      node: "size",
      target: "petal length",
      task: "regression" as const,
      loss: { type: "MeanSquaredError" },
    },
  ];
  show(<Result run={{ ...RUN, state: "completed", outputs }} finished catalog={CATALOG} />);
  const measures = (name: string) =>
    within(screen.getByRole("region", { name }))
      .getAllByRole("rowheader")
      .map((header) => header.textContent);
  await screen.findByRole("region", { name: "size" });
  expect(measures("size")).toEqual(["Loss", "Mean absolute error"]);
  expect(measures("kind")).toContain("Loss");
  expect(screen.queryByText("Loss, all outputs")).toBeNull();
});
