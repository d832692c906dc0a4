/** Cross-validations: as one row of the runs, and on a page of their own. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CrossValidation } from "../api";
import { expectAccessible, show } from "../testing/page";
import { run, serve } from "../testing/server";
import Runs from ".";
import CrossValidationPage from "./CrossValidation";

const folds = [0.9, 0.8, 1].map((accuracy, place) =>
  run({
    id: `f${place + 1}`,
    number: place + 4,
    best: { val_accuracy: accuracy },
    cross_validation: { id: "cv", fold: place + 1, folds: 3 },
  }),
);
const found: CrossValidation = {
  id: "cv",
  folds: 3,
  runs: folds,
  scores: [
    { name: "loss", values: [1, 2, 3], mean: 2, std: 1 },
    { name: "val_accuracy", values: [0.9, 0.8, null], mean: 0.85, std: 0.0707 },
  ],
};
const open = () => show(<CrossValidationPage />, "/cross-validations/cv", "/cross-validations/:id");

it("folds the runs of a cross-validation into one row, with mean and spread", async () => {
  serve({ "GET /api/runs": { items: [...folds, run({ number: 1 })], next_cursor: null } });
  const { container } = show(<Runs />);
  const link = await screen.findByRole("link", { name: "3 folds" });
  expect(link.getAttribute("href")).toBe("/cross-validations/cv");
  expect(screen.getByText("Runs 4 to 6")).toBeTruthy();
  expect(screen.getByText("90.0% ± 10.0%")).toBeTruthy();
  expect(screen.queryByText("Run 5")).toBeNull();
  expect(screen.getByText("Run 1")).toBeTruthy();
  await expectAccessible(container);
});

it("shows each fold beside the others, and what they come to", async () => {
  serve({ "GET /api/cross-validations/cv": found });
  const { container } = open();
  const link = await screen.findByRole("link", { name: "Fold 2" });
  expect(link.getAttribute("href")).toBe("/runs/f2");
  expect(screen.getAllByRole("columnheader").map((each) => each.textContent)).toEqual([
    "Fold",
    "State",
    "validation accuracy",
    "Duration",
  ]);
  const [mean] = screen.getAllByRole("row").slice(-1) as [HTMLElement];
  expect(within(mean).getByText("85.0% ± 7.1%")).toBeTruthy();
  await expectAccessible(container);
});

it("stops all folds together", async () => {
  const waiting = { ...found, runs: folds.map((each) => ({ ...each, state: "queued" as const })) };
  const calls = serve({
    "GET /api/cross-validations/cv": waiting,
    "POST /api/cross-validations/cv/stop": found,
  });
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Stop all" }));
  await waitFor(() => expect(calls.some(({ method }) => method === "POST")).toBe(true));
});
