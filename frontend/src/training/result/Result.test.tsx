import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
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

test("a cell of the confusion matrix shows its examples, with the values of their rows", async () => {
  answer({
    "datasets/dataset-1": DATASET,
    "datasets/dataset-1/rows": {
      offset: 41,
      total: 150,
      columns: ["colour", "petal length", "species"],
      rows: [["red", "4.8", "versicolor"]],
    },
    [`runs/${RUN.id}/evaluation`]: {
      ...EVALUATION,
      cells: [
        {
          expected: "versicolor",
          predicted: "virginica",
          examples: [{ row: 41, probability: 0.81 }],
        },
      ],
    },
  });
  show(<Result run={{ ...RUN, state: "completed" }} finished catalog={CATALOG} />);
  const cell = await screen.findByRole("button", {
    name: /^versicolor, called virginica: 1 of 10/,
  });
  await userEvent.click(cell);
  expect(cell.getAttribute("aria-pressed")).toBe("true");
  const shown = screen.getByRole("region", { name: "Examples of the chosen cell" });
  expect(within(shown).getByText("row 42 · 81% sure")).toBeTruthy();
  await within(shown).findByText("petal length");
  expect(within(shown).getByText(/4\.8/)).toBeTruthy();
  await userEvent.click(cell);
  expect(screen.queryByRole("region", { name: "Examples of the chosen cell" })).toBeNull();
});

test("the curves are those of the class that is parted worst, until another is chosen", async () => {
  const curves = (name: string, auc: number) => ({
    name,
    auc,
    average_precision: auc,
    recall: [0, 0.5, 1],
    false_positive_rate: [0, 0.1, 1],
    precision: [1, 0.8, 0.4],
    calibration: [{ probability: 0.3, share: 0.25, examples: 12 }],
  });
  answer({
    "datasets/dataset-1": DATASET,
    [`runs/${RUN.id}/evaluation`]: {
      ...EVALUATION,
      curves: [curves("setosa", 1), curves("versicolor", 0.91), curves("virginica", 0.97)],
    },
  });
  show(<Result run={{ ...RUN, state: "completed" }} finished catalog={CATALOG} />);
  await screen.findByRole("img", { name: /^ROC curve of versicolor: the area under it is 0\.91/ });
  expect(screen.getByText("said 30%, true of 25% of 12")).toBeTruthy();
  await userEvent.click(screen.getByRole("combobox", { name: "Class" }));
  await userEvent.click(screen.getByRole("option", { name: "virginica" }));
  expect(screen.getByRole("img", { name: /^ROC curve of virginica/ })).toBeTruthy();
});
