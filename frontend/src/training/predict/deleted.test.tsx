import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Description, Recipe } from "../../api";
import { DATASET, RUN, show } from "../testing";
import { PredictPanel } from "./PredictPanel";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The panel of a run that keeps a description of the dataset that is gone. */
function panel(description: unknown, recipe: Partial<Recipe> = {}) {
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const request = input as Request;
    const { pathname } = new URL(request.url);
    if (pathname === `/api/runs/${RUN.id}/description`) return Response.json(description);
    if (pathname === `/api/runs/${RUN.id}/predict`) {
      asked.push(await request.json());
      return Response.json({ target: "species", predictions: [{ value: "virginica" }] });
    }
    const error = { code: "not_found", message: "There is no such dataset." };
    return Response.json({ error }, { status: 404 });
  });
  const run = { ...RUN, recipe: { ...RUN.recipe, ...recipe }, state: "completed" as const };
  show(<PredictPanel run={run} finished />);
  return asked;
}

test("a row is typed and predicted from when the dataset is deleted", async () => {
  const asked = panel(DATASET.description);
  expect(await screen.findByText(/“Iris” was deleted.*typing a row/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "A row of the data" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Predict" }));
  await waitFor(() =>
    expect(screen.getByTestId("prediction").textContent).toBe("speciesvirginica"),
  );
  expect(asked).toEqual([{ rows: [{ "petal length": 4.35, colour: "red" }] }]);
});

test("without the data a forecast is made from a file, and no window of theirs is asked for", async () => {
  const asked = panel(DATASET.description as Description, {
    sequence: { kind: "windows", window: 2, horizon: 1 },
  });
  expect(await screen.findByText(/“Iris” was deleted.*from a file/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Choose a file" })).toBeTruthy();
  expect(screen.queryByRole("spinbutton")).toBeNull();
  expect(asked).toEqual([]);
});

test("a picture is drawn or chosen when the images are deleted, none of them is offered", async () => {
  const image = { channels: 1, height: 8, width: 8 };
  panel({ kind: "images", rows: 4, bytes: 9, image, classes: [] });
  expect(await screen.findByText(/“Iris” was deleted.*a drawing/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Choose a picture" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "One of the data" })).toBeNull();
});
