import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Evaluation, Prediction } from "../../api";
import { Answer } from "../predict/Answer";
import { answer, CATALOG, DATASET, RUN, show } from "../testing";
import { Result } from "./Result";
import { verdict } from "./words";

const LABELLED: Evaluation = {
  split: "test",
  rows: 24,
  metrics: { loss: 0.2, accuracy: 0.94, subset_accuracy: 0.875, macro_f1: 0.91 },
  baseline: { loss: 0.6, accuracy: 0.6, subset_accuracy: 0.125, macro_f1: 0 },
  classes: ["bird", "cat"],
  confusion: null,
  per_class: [
    {
      name: "bird",
      precision: 1,
      recall: 0.9,
      f1: 0.947,
      support: 10,
      predicted: 9,
      average_precision: 0.98,
    },
    {
      name: "cat",
      precision: null,
      recall: null,
      f1: null,
      support: 0,
      predicted: 0,
      average_precision: null,
    },
  ],
  mistakes: [
    { row: 4, expected: "bird, cat", predicted: "no label", probability: 0.8 },
    { row: 9, expected: "bird", predicted: "bird, cat", probability: 0.7 },
  ],
};

test("labels: how many images have all of them right, and what saying the usual ones gives", () => {
  const images = { kind: "images" as const, description: null };
  expect(verdict(LABELLED, "label", images)).toEqual({
    headline:
      "All labels right on 21 of 24 images it has never seen: 87.5%. Mean F1 score of the labels: 91%.",
    comparison: "Always saying the labels that most have: 12.5% all right, F1 0%.",
    better: true,
  });
});

test("each label is judged by itself, without a confusion of all with all", async () => {
  answer({
    "datasets/dataset-1": { ...DATASET, kind: "images" },
    [`runs/${RUN.id}/evaluation`]: LABELLED,
  });
  show(<Result run={{ ...RUN, state: "completed" }} finished catalog={CATALOG} />);
  const head = await screen.findByRole("columnheader", { name: "Label" });
  const table = head.closest("table");
  if (table === null) throw new Error("no table of labels");
  const rows = within(table).getAllByRole("row");
  expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
    ["Label", "Precision", "Recall", "F1", "Avg. precision", "Have it", "Said"],
    ["bird", "100%", "90%", "95%", "98%", "10", "9"],
    ["cat", "–", "–", "–", "–", "0", "0"],
  ]);
  expect(screen.queryByText(/confusion/i)).toBeNull();
  const worst = within(screen.getByRole("region", { name: "Worst mistakes" }));
  expect(worst.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "missed bird, catimage 5 · 80% sure",
    "wrongly said catimage 10 · 70% sure",
  ]);
});

function said(prediction: Prediction) {
  show(<Answer prediction={prediction} target="label" truth={null} stale={false} />);
  return screen.getByTestId("prediction");
}

test("all labels that are more probable than not are said, and each has its bar", () => {
  const told = said({ value: ["bird", "dog"], probabilities: { bird: 0.9, cat: 0.2, dog: 0.6 } });
  expect(within(told).getByText("bird, dog")).toBeTruthy();
  const list = within(told).getByRole("list", { name: "Probability of each label" });
  expect([...list.children].map((item) => item.textContent)).toEqual([
    "bird90.0%",
    "cat20.0%",
    "dog60.0%",
  ]);
});

test("an image in which no label is found is told so", () => {
  const told = said({ value: [], probabilities: { bird: 0.1, cat: 0.2 } });
  expect(within(told).getByText("no label")).toBeTruthy();
});
