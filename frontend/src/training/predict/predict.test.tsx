import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Description } from "../../api";
import { answer, DATASET, RUN, show } from "../testing";
import { initialRow, isUnseen, rowFields } from "./fields";
import { PredictPanel } from "./PredictPanel";
import { rimBrightness, toImage } from "./pixels";
import { stepOf } from "./RowForm";

const DESCRIPTION = DATASET.description as Description;

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the form has the run's inputs, with typical values and the data's choices", () => {
  const fields = rowFields(DESCRIPTION, RUN.recipe);
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ["petal length", "number"],
    ["colour", "choice"],
  ]);
  expect(initialRow(fields)).toEqual({ "petal length": 4.35, colour: "red" });
});

test("a number beyond the data is marked as a guess", () => {
  const [length] = rowFields(DESCRIPTION, RUN.recipe);
  if (length === undefined) throw new Error("no field");
  expect(isUnseen(length, 6.9)).toBe(false);
  expect(isUnseen(length, 7)).toBe(true);
});

test("the arrow keys walk a range in steps that fit it", () => {
  expect(stepOf(4.3, 7.9)).toBe(0.01);
  expect(stepOf(0, 0.02)).toBe(0.0001);
  expect(stepOf(0, 5_000)).toBe("any");
});

test("an answer shows every class's probability and follows each change", async () => {
  const path = `runs/${RUN.id}/predict`;
  const answers: Record<string, unknown> = {
    "datasets/dataset-1": DATASET,
    [path]: {
      target: "species",
      predictions: [
        { value: "setosa", probabilities: { setosa: 0.9, versicolor: 0.08, virginica: 0.02 } },
      ],
    },
  };
  const fetched = answer(answers);
  show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await userEvent.click(await screen.findByRole("button", { name: "Predict" }));
  const bars = await screen.findByRole("list", { name: "Probability of each class" });
  expect(
    within(bars)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual(["setosa90.0%", "versicolor8.0%", "virginica2.0%"]);

  answers[path] = { target: "species", predictions: [{ value: "virginica" }] };
  const length = screen.getByRole("spinbutton", { name: "petal length" });
  await userEvent.clear(length);
  await userEvent.type(length, "6");
  await waitFor(() =>
    expect(screen.getByTestId("prediction").textContent).toBe("speciesvirginica"),
  );
  // A slow typist is answered in between; what counts is what is asked at last.
  await waitFor(async () => {
    const last = fetched.mock.calls.at(-1)?.[0] as Request;
    expect(await last.clone().json()).toEqual({ rows: [{ "petal length": 6, colour: "red" }] });
  });
});

test("a forecast is made from the newest window, or from one that ends in a row of the data", async () => {
  const path = `runs/${RUN.id}/predict`;
  const answers: Record<string, unknown> = {
    "datasets/dataset-1": DATASET,
    [path]: {
      target: "petal length",
      predictions: [{ value: 4.5, expected: null }],
      row: 149,
      total: 1,
      columns: ["petal length"],
      rows: [["5.1"], ["5.9"]],
    },
  };
  const fetched = answer(answers);
  const recipe = { ...RUN.recipe, sequence: { kind: "windows" as const, window: 2, horizon: 1 } };
  show(<PredictPanel run={{ ...RUN, recipe, state: "completed" }} finished />);
  const row = await screen.findByRole("spinbutton", { name: "Last row of the window" });
  expect((await screen.findByTestId("prediction")).textContent).toContain("4.5");
  await waitFor(() => expect(row).toHaveProperty("value", "150"));
  expect(within(screen.getByRole("table")).getByText("5.9")).toBeTruthy();
  answers[path] = {
    target: "petal length",
    predictions: [{ value: 4.25, expected: 4.1 }],
    row: 9,
    total: 1,
    columns: ["petal length"],
    rows: [["4.0"], ["4.2"]],
  };
  await userEvent.clear(row);
  await userEvent.type(row, "10");
  expect(await screen.findByText("4.1")).toBeTruthy();
  const last = fetched.mock.calls.at(-1)?.[0] as Request;
  expect(await last.clone().json()).toEqual({ row: 9 });
});

test("what the model refuses is said", async () => {
  answer({
    "datasets/dataset-1": DATASET,
    [`runs/${RUN.id}/predict`]: new Error("Expected a number for petal length."),
  });
  show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await userEvent.click(await screen.findByRole("button", { name: "Predict" }));
  expect(await screen.findByText("Expected a number for petal length.")).toBeTruthy();
});

test("a drawing becomes channels first, each pixel the mean of its area", () => {
  const white = [255, 255, 255, 255];
  const black = [0, 0, 0, 255];
  const red = [255, 0, 0, 255];
  const data = [white, black, red, red, white, black, red, red].flat();
  const pixels = { data, width: 4, height: 2 };
  expect(toImage(pixels, 1, 1, 2)).toEqual([[[128, 76]]]);
  expect(toImage(pixels, 3, 1, 2)).toEqual([[[128, 255]], [[128, 0]], [[128, 0]]]);
});

test("a picture smaller than the network's repeats its pixels", () => {
  expect(toImage({ data: [9, 9, 9, 255], width: 1, height: 1 }, 1, 2, 2)).toEqual([
    [
      [9, 9],
      [9, 9],
    ],
  ]);
});

test("the rim of a picture tells its paper", () => {
  const data = Array.from({ length: 9 }, (_, i) =>
    i === 4 ? [255, 255, 255, 255] : [0, 0, 0, 255],
  );
  expect(rimBrightness({ data: data.flat(), width: 3, height: 3 })).toBe(0);
});

test("a text is typed on several lines", async () => {
  const text = {
    name: "review",
    kind: "text",
    kind_reason: "",
    role: "input",
    missing: 0,
    unique: 9,
    examples: ["Not bad at all."],
  } as const;
  const description = { ...DESCRIPTION, columns: [text] };
  const recipe = { ...RUN.recipe, inputs: ["review"] };
  const fetched = answer({
    "datasets/dataset-1": { ...DATASET, description },
    [`runs/${RUN.id}/predict`]: { target: "species", predictions: [{ value: "setosa" }] },
  });
  show(<PredictPanel run={{ ...RUN, recipe, state: "completed" }} finished />);
  const field = await screen.findByRole("textbox", { name: "review" });
  expect(field.tagName).toBe("TEXTAREA");
  expect((field as HTMLTextAreaElement).value).toBe("Not bad at all.");
  await userEvent.clear(field);
  await userEvent.type(field, "One line{enter}and another");
  await userEvent.click(screen.getByRole("button", { name: "Predict" }));
  await waitFor(async () => {
    const last = fetched.mock.calls.at(-1)?.[0] as Request;
    expect(await last.clone().json()).toEqual({ rows: [{ review: "One line\nand another" }] });
  });
});
