/** The pages of datasets. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Catalog, Proposal, TreatmentOption } from "../api";
import { expectAccessible, show } from "../testing/page";
import { dataset, datasetSummary, refusal, samples, serve } from "../testing/server";
import Datasets from ".";
import DatasetPage from "./DatasetPage";
import { reasonLines } from "./reasons";

const rows = {
  offset: 0,
  total: 150,
  columns: ["width", "species"],
  rows: [
    [0.2, "setosa"],
    [null, "virginica"],
  ],
};
const treatments: TreatmentOption[] = [
  { field: "missing", value: "mean", title: "Mean", summary: "", kinds: ["number"] },
  {
    field: "missing",
    value: "constant",
    title: "A value of yours",
    summary: "",
    kinds: ["number"],
  },
  { field: "scaling", value: "standard", title: "Standard", summary: "", kinds: ["number"] },
  { field: "scaling", value: "robust", title: "Robust", summary: "", kinds: ["number"] },
  { field: "encoding", value: "one_hot", title: "One-hot", summary: "", kinds: ["category"] },
  { field: "encoding", value: "ordinal", title: "Ordinal", summary: "", kinds: ["category"] },
];
const routes = { "GET /api/datasets/d1": dataset(), "GET /api/datasets/d1/rows": rows };
const open = () => show(<DatasetPage />, "/datasets/d1", "/datasets/:id");

it("says what to do when there is no data, and lists the samples", async () => {
  serve({ "GET /api/samples": { items: samples, next_cursor: null } });
  const { container } = show(<Datasets />, "/datasets");
  expect(await screen.findByText("No data yet")).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Add Flowers" })).toBeTruthy();
  await expectAccessible(container);
});

it("adds a sample with one click and opens it", async () => {
  serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "POST /api/datasets": dataset({ id: "d7" }),
  });
  const { user, history } = show(<Datasets />, "/datasets");
  await user.click(await screen.findByRole("button", { name: "Add Scans" }));
  await waitFor(() => expect(history.at(-1)).toBe("/datasets/d7"));
});

it("shows a dataset that could not be read, with the reason", async () => {
  const failed = datasetSummary({
    state: "failed",
    name: "broken.csv",
    error: { code: "bad_row", message: "Expected 4 cells, found 3 in row 12.", problems: [] },
  });
  serve({ "GET /api/datasets": { items: [failed], next_cursor: null } });
  show(<Datasets />, "/datasets");
  expect(await screen.findByText("Expected 4 cells, found 3 in row 12.")).toBeTruthy();
});

it("tells what was found, what was converted, and shows rows with missing cells", async () => {
  serve(routes);
  const { container } = open();
  expect(await screen.findByText("Predict species: 3 classes")).toBeTruthy();
  expect(screen.getByText(/3 cells of width are empty/)).toBeTruthy();
  expect(await screen.findByText("missing")).toBeTruthy();
  expect(screen.getByText("Rows 1 to 20 of 150")).toBeTruthy();
  expect(screen.getByRole("img", { name: /Distribution of width/ })).toBeTruthy();
  await expectAccessible(container);
});

it("changes the target in place: the one before becomes an input", async () => {
  const calls = serve({ ...routes, "PATCH /api/datasets/d1": dataset() });
  const { user } = open();
  await user.click(await screen.findByRole("combobox", { name: "Role of width" }));
  await user.click(await screen.findByRole("option", { name: /^target/ }));
  await waitFor(() => expect(calls.some((call) => call.method === "PATCH")).toBe(true));
  expect(calls.find((call) => call.method === "PATCH")?.body).toEqual({
    columns: [
      { name: "species", role: "input" },
      { name: "width", role: "target" },
    ],
  });
});

it("adds a further target beside the one that is there", async () => {
  const calls = serve({ ...routes, "PATCH /api/datasets/d1": dataset() });
  const { user } = open();
  await user.click(await screen.findByRole("combobox", { name: "Role of width" }));
  await user.click(await screen.findByRole("option", { name: /further target/ }));
  await waitFor(() => expect(calls.some((call) => call.method === "PATCH")).toBe(true));
  expect(calls.find((call) => call.method === "PATCH")?.body).toEqual({
    columns: [
      { name: "species", role: "target" },
      { name: "width", role: "target" },
    ],
  });
});

it("chooses how a column enters a network", async () => {
  const calls = serve({
    ...routes,
    "GET /api/catalog": { treatments },
    "PATCH /api/datasets/d1": dataset(),
  });
  const { user } = open();
  await user.click(
    await screen.findByRole("button", { name: "How width enters a network: standard · mean" }),
  );
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("combobox", { name: /Scaling/ }));
  expect(screen.queryByRole("option", { name: /One-hot/ })).toBeNull();
  await user.click(await screen.findByRole("option", { name: /^Robust/ }));
  await user.click(within(dialog).getByRole("combobox", { name: /Missing values/ }));
  await user.click(await screen.findByRole("option", { name: /^A value of yours/ }));
  await user.type(within(dialog).getByLabelText("The value"), "1.5");
  await user.click(within(dialog).getByRole("switch", { name: /Indicator/ }));
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.find((call) => call.method === "PATCH")?.body).toEqual({
    columns: [
      {
        name: "width",
        treatment: { scaling: "robust", missing: "constant", fill_value: 1.5, indicator: true },
      },
    ],
  });
});

it("shows why a column cannot be changed", async () => {
  serve({
    ...routes,
    "PATCH /api/datasets/d1": refusal(422, "Expected numbers in species, found 'setosa'.", {
      column: "species",
      row: 2,
    }),
  });
  const { user } = open();
  await user.click(await screen.findByRole("combobox", { name: "Kind of species" }));
  await user.click(await screen.findByRole("option", { name: /^number/ }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Expected numbers in species");
  expect(alert.textContent).toContain("Row 2");
});

it("proposes a first network with its reasons before it makes one", async () => {
  serve({
    ...routes,
    "POST /api/proposals": {
      task: "classification",
      architecture: { format: "neuroloom/1", nodes: [{ id: "a", type: "A" }], edges: [] },
      recipe: { batch_size: 32, loss: { type: "Some loss" } },
      reasons: [{ path: ["recipe", "batch_size"], reason: "150 rows make 5 steps an epoch." }],
    },
  });
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Use in a new network" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("150 rows make 5 steps an epoch.")).toBeTruthy();
  expect(within(dialog).getByText("32")).toBeTruthy();
});

it("shows a page of its own for a dataset that is not there", async () => {
  serve({ "GET /api/datasets/d1": refusal(404, "There is no dataset d1.") });
  open();
  expect(await screen.findByText("There is no such dataset")).toBeTruthy();
});

it("puts each reason beside the value that it explains", () => {
  const proposal: Proposal = {
    task: "regression",
    architecture: {
      format: "neuroloom/1",
      nodes: [{ id: "hidden", type: "Some", params: { units: 64 } }],
    },
    recipe: {
      optimizer: { type: "Some", learning_rate: 0.001, use_ema: false, amsgrad: true },
      split: { validation: 0.2 },
      metrics: ["mae", "r2"],
    },
    reasons: [
      { path: ["recipe", "optimizer"], reason: "A" },
      { path: ["recipe", "split", "validation"], reason: "B" },
      { path: ["architecture", "nodes", "hidden"], reason: "C" },
      { path: ["recipe", "metrics"], reason: "D" },
    ],
  };
  const mae = { type: "mae", title: "Mean absolute error" } as Catalog["metrics"][number];
  expect(reasonLines(proposal, { losses: [], metrics: [mae] })).toEqual([
    { name: "Optimizer", value: "Some, learning rate 0.001, amsgrad", reason: "A" },
    { name: "Split validation", value: "20%", reason: "B" },
    { name: "Layer hidden", value: "Some, units 64", reason: "C" },
    { name: "Metrics", value: "Mean absolute error, r2", reason: "D" },
  ]);
});

it("makes the change that a note proposes with one click", async () => {
  const known = dataset();
  const suggestion = { title: "Give “day” the role time", name: "day", role: "time" as const };
  const note = {
    severity: "info" as const,
    code: "time_suggested",
    message: "In order.",
    suggestion,
  };
  if (known.description) known.description.report = [note];
  const calls = serve({
    ...routes,
    "GET /api/datasets/d1": known,
    "PATCH /api/datasets/d1": dataset(),
  });
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: suggestion.title }));
  await waitFor(() => expect(screen.queryByText("In order.")).toBeNull());
  expect(calls.find((call) => call.method === "PATCH")?.body).toEqual({
    columns: [{ name: "day", role: "time" }],
  });
});

it("puts categories that have an order into it", async () => {
  const known = dataset();
  const species = known.description?.columns?.[1];
  if (species) species.role = "input";
  const calls = serve({
    ...routes,
    "GET /api/datasets/d1": known,
    "GET /api/catalog": { treatments },
    "PATCH /api/datasets/d1": dataset(),
  });
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: /^How species enters a network/ }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).queryByRole("button", { name: /^Move/ })).toBeNull();
  await user.click(within(dialog).getByRole("combobox", { name: /Categories/ }));
  await user.click(await screen.findByRole("option", { name: /^Ordinal/ }));
  await user.click(within(dialog).getByRole("button", { name: "Move virginica up" }));
  await user.click(within(dialog).getByRole("button", { name: "Move setosa down" }));
  const names = within(dialog).getAllByRole("listitem");
  expect(names.map((item) => item.textContent)).toEqual(["0virginica", "1setosa", "2versicolor"]);
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.find((call) => call.method === "PATCH")?.body).toEqual({
    columns: [
      {
        name: "species",
        treatment: { encoding: "ordinal", order: ["virginica", "setosa", "versicolor"] },
      },
    ],
  });
});
