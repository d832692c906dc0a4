import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ApiError, type Proposal, type Recipe } from "../../api";
import { answer, CATALOG, DATASET, RUN, show, showPanel } from "../testing";
import { DataPanel } from "./DataPanel";
import { TrainingPanel } from "./TrainingPanel";

const PROPOSAL: Proposal = {
  task: "classification",
  architecture: RUN.architecture,
  recipe: {
    ...RUN.recipe,
    optimizer: { type: "Adam", learning_rate: 0.001 },
    batch_size: 32,
    epochs: 300,
    early_stopping: { monitor: "val_loss", patience: 30, min_delta: 0, restore_best: true },
    seed: 0,
    device: "auto",
  },
  reasons: [{ path: ["recipe", "batch_size"], reason: "Noisy enough to find a way" }],
};

const SERVER = {
  health: { status: "ok", version: "1", devices: [], workers: { busy: 0, queued: 0, slots: 1 } },
  datasets: { items: [DATASET], next_cursor: null },
  "datasets/dataset-1": DATASET,
  samples: [],
};

afterEach(() => {
  vi.unstubAllGlobals();
});

function training(recipe: Recipe = {}, error?: unknown) {
  answer(SERVER);
  return showPanel(recipe, (chosen, onChange) => (
    <TrainingPanel
      datasetId="dataset-1"
      recipe={chosen}
      proposal={PROPOSAL}
      catalog={CATALOG}
      onChange={onChange}
      error={error}
    />
  ));
}

function data(recipe: Recipe = {}) {
  answer(SERVER);
  return showPanel(recipe, (chosen, onChange) => (
    <DataPanel
      datasetId="dataset-1"
      recipe={chosen}
      proposal={PROPOSAL}
      onDataset={() => {}}
      onChange={onChange}
    />
  ));
}

test("what nobody changed shows the proposal and its reason, and is not put into the recipe", () => {
  const recipe = training();
  expect(screen.getByRole("spinbutton", { name: "Epochs" })).toHaveProperty("value", "300");
  expect(screen.getByText("Noisy enough to find a way")).toBeTruthy();
  expect(screen.queryByText("changed by you")).toBeNull();
  expect(recipe()).toEqual({});
});

test("a changed value is marked, alone in the recipe, and goes back to the proposal", async () => {
  const recipe = training();
  const epochs = screen.getByRole("spinbutton", { name: "Epochs" });
  await userEvent.clear(epochs);
  await userEvent.type(epochs, "12");
  expect(recipe()).toEqual({ epochs: 12 });
  await userEvent.click(screen.getByRole("button", { name: "Epochs: back to the proposed value" }));
  expect(recipe()).toEqual({});
});

test("the three kinds of gradient descent are three batch sizes", async () => {
  const recipe = training();
  await userEvent.click(screen.getByRole("radio", { name: "Full batch" }));
  expect(recipe().batch_size).toBe("all");
  await userEvent.click(screen.getByRole("radio", { name: "Stochastic" }));
  expect(recipe().batch_size).toBe(1);
  await userEvent.click(screen.getByRole("radio", { name: "Mini-batch" }));
  expect(recipe().batch_size).toBe(32);
});

test("a parameter of the proposed optimizer is changed without choosing the optimizer again", async () => {
  const recipe = training();
  const rate = screen.getByRole("spinbutton", { name: "Learning rate" });
  await userEvent.clear(rate);
  await userEvent.type(rate, "0.1");
  expect(recipe().optimizer).toEqual({ type: "Adam", learning_rate: 0.1 });
});

test("turning early stopping off trains to the last epoch", async () => {
  const recipe = training();
  await userEvent.click(screen.getByRole("switch", { name: "Early stopping" }));
  expect(recipe().early_stopping).toBe("none");
  expect(screen.getByText("Trains to the last epoch")).toBeTruthy();
  await userEvent.click(screen.getByRole("switch", { name: "Early stopping" }));
  expect(recipe().early_stopping).toMatchObject({ monitor: "val_loss", patience: 10 });
});

test("what the server refuses stands at its field", () => {
  const message = "Expected at least 1 epoch, got 0.";
  training(
    { epochs: 1 },
    new ApiError(422, { code: "invalid", message, where: { path: ["recipe", "epochs"] } }),
  );
  expect(screen.getAllByRole("alert").map((alert) => alert.textContent)).toEqual([message]);
});

test("only losses that suit the task are offered", async () => {
  training();
  await userEvent.click(screen.getByRole("combobox", { name: "Loss" }));
  const options = within(screen.getByRole("listbox")).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toEqual([
    expect.stringContaining("Cross entropy"),
  ]);
});

test("the problem is said in words with the data's own names", async () => {
  data();
  expect(
    await screen.findByText(
      "Sort rows into the classes of “species”: 3 classes (setosa, versicolor, virginica) by 2 columns.",
    ),
  ).toBeTruthy();
});

test("the split says how many rows each part gets, and keeps its other values", async () => {
  const recipe = data();
  expect(await screen.findByText("about 90 rows to learn from")).toBeTruthy();
  const test = screen.getByRole("spinbutton", { name: "Test" });
  await userEvent.clear(test);
  await userEvent.type(test, "40");
  expect(recipe().split).toEqual({ ...PROPOSAL.recipe.split, test: 0.4 });
  expect(screen.getByText("about 60 rows kept for the test")).toBeTruthy();
});

test("leaving a column out names the others as inputs", async () => {
  const recipe = data();
  await userEvent.click(await screen.findByRole("checkbox", { name: /^colour/ }));
  expect(recipe()).toEqual({ inputs: ["petal length"] });
});

test("metrics that suit task and classes are added, adjusted and left out", async () => {
  const recipe = training();
  const add = screen.getByRole("combobox", { name: "Metrics" });
  await userEvent.click(add);
  const offered = within(screen.getByRole("listbox")).getAllByRole("option");
  expect(offered.map((option) => option.textContent)).toEqual([
    expect.stringContaining("Top-k accuracy"),
  ]);
  await userEvent.click(offered[0] as HTMLElement);
  expect(recipe().metrics).toEqual(["accuracy", "top_k"]);

  await userEvent.click(screen.getByRole("button", { name: "Settings of Top-k accuracy" }));
  const k = screen.getByRole("spinbutton", { name: "K" });
  await userEvent.clear(k);
  await userEvent.type(k, "2");
  expect(recipe().metrics).toEqual(["accuracy", { type: "top_k", k: 2 }]);

  await userEvent.click(screen.getByRole("button", { name: "Leave Accuracy out" }));
  expect(recipe().metrics).toEqual([{ type: "top_k", k: 2 }]);
});

test("early stopping can watch a metric with parameters by its name in the run", async () => {
  const recipe = training({ metrics: [{ type: "top_k", k: 2 }] });
  await userEvent.click(screen.getByRole("combobox", { name: "Watches" }));
  await userEvent.click(screen.getByRole("option", { name: "Validation: Top-k accuracy (k 2)" }));
  expect(recipe().early_stopping).toMatchObject({ monitor: "val_top_k(k=2)" });
});

test("a problem of one metric stands at that metric", () => {
  const message = "Expected k below the 3 classes, got k=5.";
  training(
    { metrics: ["accuracy", "top_k"] },
    new ApiError(422, { code: "metric_mismatch", message, where: { path: ["metrics", 1] } }),
  );
  expect(screen.getAllByRole("alert").map((alert) => alert.textContent)).toEqual([message]);
  expect(screen.getByRole("alert").closest("li")?.textContent).toContain("Top-k accuracy");
});

test("a fix that the server offers is applied to the recipe", async () => {
  const message = "Expected one way of clipping the gradient, got two.";
  const problem = {
    severity: "error" as const,
    code: "contradiction",
    message,
    where: { path: ["clip_norm"] },
  };
  const fix = (values: Record<string, unknown>) => ({
    title: "Clip once",
    changes: [{ op: "set_recipe" as const, values }],
  });
  const recipe = training(
    { clip_norm: 1, seed: 3, optimizer: { type: "Adam", learning_rate: -1 } },
    new ApiError(422, {
      code: "contradiction",
      message,
      problems: [
        {
          ...problem,
          where: { path: ["optimizer", "learning_rate"] },
          fix: fix({ optimizer: { type: "Adam" }, clip_norm: null }),
        },
      ],
    }),
  );
  await userEvent.click(screen.getByRole("button", { name: "Clip once" }));
  expect(recipe()).toEqual({ seed: 3, optimizer: { type: "Adam" } });
});

test("a maximum of steps is part of the recipe", async () => {
  const recipe = training();
  await userEvent.type(screen.getByRole("spinbutton", { name: "Most steps" }), "500");
  expect(recipe()).toEqual({ max_steps: 500 });
});

test("a schedule is chosen, its list of values edited, and taken away again", async () => {
  const recipe = training();
  const schedule = screen.getByRole("combobox", { name: "Learning rate over time" });
  expect(schedule.textContent).toBe("Stays as it is");
  await userEvent.click(schedule);
  await userEvent.click(screen.getByRole("option", { name: "Piecewise constant" }));
  expect(recipe().schedule).toEqual({ type: "Piecewise" });

  const values = screen.getByRole("textbox", { name: "Values" });
  await userEvent.clear(values);
  await userEvent.type(values, "0.1, 0.05, 0.02{Enter}");
  expect(recipe().schedule).toEqual({ type: "Piecewise", values: [0.1, 0.05, 0.02] });

  await userEvent.click(screen.getByRole("combobox", { name: "Learning rate over time" }));
  await userEvent.click(screen.getByRole("option", { name: "Stays as it is" }));
  expect(recipe()).toEqual({});
});

test("as long as the task is not known, losses stand in groups", async () => {
  answer(SERVER);
  const recipe = { loss: { type: "Unheard" } };
  show(
    <TrainingPanel
      datasetId="dataset-1"
      recipe={recipe}
      proposal={undefined}
      catalog={CATALOG}
      onChange={() => {}}
    />,
  );
  await userEvent.click(screen.getByRole("combobox", { name: "Loss" }));
  const groups = within(screen.getByRole("listbox")).getAllByRole("group");
  expect(groups.map((group) => group.textContent)).toEqual([
    expect.stringMatching(/^For classesCross entropy/),
    expect.stringMatching(/^For numbersMean squared error/),
  ]);
});

test("rows are divided by a column, and only what then has a meaning is asked for", async () => {
  const recipe = data();
  expect(await screen.findByRole("switch", { name: "Shuffle first" })).toBeTruthy();
  await userEvent.click(screen.getByRole("combobox", { name: "Divide by" }));
  await userEvent.click(screen.getByRole("option", { name: /^Time/ }));
  expect(recipe().split).toMatchObject({ by: "time", column: "petal length", gap: 0 });
  expect(screen.queryByRole("switch", { name: "Shuffle first" })).toBeNull();
  await userEvent.type(screen.getByRole("spinbutton", { name: "Gap" }), "5");
  expect(recipe().split?.gap).toBe(5);
  await userEvent.click(screen.getByRole("combobox", { name: "Divide by" }));
  await userEvent.click(screen.getByRole("option", { name: /^A column/ }));
  expect(recipe().split).toMatchObject({ by: "column", column: "colour", gap: 0 });
  expect(screen.queryByRole("spinbutton", { name: "Validation" })).toBeNull();
});

const WINDOWS: Proposal = {
  ...PROPOSAL,
  task: "regression",
  recipe: {
    ...PROPOSAL.recipe,
    task: "regression",
    target: "petal length",
    sequence: { kind: "windows", window: 14, horizon: 1, stride: 1, time: null, group: null },
    split: { by: "time", column: null, validation: 0.2, test: 0.2, gap: 14, shuffle: false },
  },
};

function forecast(recipe: Recipe = {}, error?: unknown) {
  answer(SERVER);
  return showPanel(recipe, (chosen, onChange) => (
    <DataPanel
      datasetId="dataset-1"
      recipe={chosen}
      proposal={WINDOWS}
      onDataset={() => {}}
      onChange={onChange}
      error={error}
    />
  ));
}

test("a proposed window is shown, and what is changed of it is the whole sequence", async () => {
  const recipe = forecast();
  const window = await screen.findByRole("spinbutton", { name: "Window" });
  expect(window).toHaveProperty("value", "14");
  expect(
    screen.getByText("Forecast “petal length” 1 row ahead from the 14 rows before by 2 columns."),
  ).toBeTruthy();
  await userEvent.clear(window);
  await userEvent.type(window, "7");
  expect(recipe().sequence).toMatchObject({ kind: "windows", window: 7, horizon: 1, stride: 1 });
});

test("of a forecast the target's own past is among the inputs that can be chosen", async () => {
  forecast();
  expect(await screen.findByRole("checkbox", { name: /^petal length/ })).toBeTruthy();
});

test("a split of windows needs no column and no gap of the user's", async () => {
  const recipe = forecast();
  const share = await screen.findByRole("spinbutton", { name: "Test" });
  expect(screen.queryByRole("spinbutton", { name: "Gap" })).toBeNull();
  await userEvent.clear(share);
  await userEvent.type(share, "10");
  expect(recipe().split).toMatchObject({ by: "time", column: null, gap: 0, test: 0.1 });
});

test("a window that is too long says so at the window, with a way out", async () => {
  const fix = {
    title: "Set the window to 9",
    changes: [{ op: "set_recipe" as const, values: { sequence: { window: 9 } } }],
  };
  const message = "Expected a window that fits into 40 rows.";
  const where = { path: ["recipe", "sequence", "window"] };
  const problem = { severity: "error" as const, code: "window_too_long", message, where, fix };
  const error = new ApiError(422, { code: "window_too_long", message, where, problems: [problem] });
  const recipe = forecast({ sequence: { window: 60 } }, error);
  expect((await screen.findByRole("alert")).textContent).toContain("fits into 40 rows");
  await userEvent.click(screen.getByRole("button", { name: "Set the window to 9" }));
  expect(recipe().sequence).toEqual({ window: 9 });
});

test("each class is given a weight of its own, or all count alike again", async () => {
  const recipe = training({ target: "colour", task: "classification" });
  await userEvent.click(await screen.findByRole("radio", { name: "Own" }));
  expect(recipe().class_weight).toEqual({ blue: 1, red: 1, white: 1 });
  const red = await screen.findByRole("spinbutton", { name: "red 70 rows" });
  await userEvent.clear(red);
  await userEvent.type(red, "2.5");
  expect(recipe().class_weight).toEqual({ blue: 1, red: 2.5, white: 1 });
  await userEvent.click(screen.getByRole("radio", { name: "Balanced" }));
  expect(recipe().class_weight).toBe("balanced");
  await userEvent.click(screen.getByRole("radio", { name: "Rows alike" }));
  expect(recipe()).not.toHaveProperty("class_weight");
});

test("a column of numbers says how much each row counts", async () => {
  const recipe = training({ target: "colour" });
  await userEvent.click(await screen.findByRole("combobox", { name: "Weights of the rows" }));
  await userEvent.click(await screen.findByRole("option", { name: "petal length" }));
  expect(recipe().sample_weight).toBe("petal length");
  await userEvent.click(
    screen.getByRole("button", { name: "Weights of the rows: back to the proposed value" }),
  );
  expect(recipe()).not.toHaveProperty("sample_weight");
});
