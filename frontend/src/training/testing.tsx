/** A server's answers and a live stream for this feature's tests, at the edge of the browser. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { vi } from "vitest";
import type { Catalog, Dataset, Evaluation, Recipe, Run } from "../api";
import type { RunEvent } from "./live/events";

export const TIME = "2026-01-01T10:00:00Z";

export const RUN: Run = {
  id: "run-1",
  number: 7,
  network_id: "network-1",
  network_name: "Flowers",
  dataset_id: "dataset-1",
  dataset_name: "Iris",
  state: "running",
  message: "Training",
  epoch: 0,
  epochs: 30,
  values: {},
  best: {},
  spark: [],
  settings: { optimizer: "Adam", learning_rate: 0.001, batch_size: 32, parameters: 51 },
  created_at: TIME,
  started_at: TIME,
  ended_at: null,
  architecture: { format: "neuroloom/1", name: "Flowers", nodes: [], edges: [], layout: {} },
  recipe: {
    task: "classification",
    target: "species",
    inputs: ["petal length", "colour"],
    split: { validation: 0.2, test: 0.2, seed: 0, stratify: true, shuffle: true },
    loss: { type: "CategoricalCrossentropy" },
    metrics: ["accuracy"],
    epochs: 30,
  },
  reasons: [{ path: ["recipe", "loss"], reason: "3 classes and 3 outputs" }],
  parameters: 51,
  device: "cpu",
  baseline: { loss: 1.0986, accuracy: 0.3333 },
  classes: ["setosa", "versicolor", "virginica"],
  last_seq: 0,
};

export const DATASET: Dataset = {
  state: "ready",
  id: "dataset-1",
  name: "Iris",
  kind: "table",
  rows: 150,
  sample: "iris",
  created_at: TIME,
  description: {
    kind: "table",
    rows: 150,
    bytes: 4_000,
    columns: [
      {
        name: "petal length",
        kind: "number",
        kind_reason: "numbers",
        role: "input",
        missing: 0,
        unique: 43,
        minimum: 1,
        maximum: 6.9,
        median: 4.35,
        treatment_in_full: { missing: "mean", scaling: "standard", indicator: false },
      },
      {
        name: "colour",
        kind: "category",
        kind_reason: "three texts",
        role: "input",
        missing: 0,
        unique: 3,
        categories: ["blue", "red", "white"],
        treatment_in_full: { missing: "most_frequent", encoding: "one_hot" },
        distribution: [
          { label: "red", count: 70 },
          { label: "blue", count: 50 },
          { label: "white", count: 30 },
        ],
      },
      {
        name: "species",
        kind: "category",
        kind_reason: "three texts",
        role: "target",
        missing: 0,
        unique: 3,
        categories: ["setosa", "versicolor", "virginica"],
        treatment_in_full: { missing: "most_frequent", encoding: "one_hot" },
        distribution: [
          { label: "setosa", count: 50 },
          { label: "versicolor", count: 50 },
          { label: "virginica", count: 50 },
        ],
      },
    ],
  },
};

export const EVALUATION: Evaluation = {
  split: "test",
  rows: 30,
  metrics: { loss: 0.12, accuracy: 29 / 30 },
  baseline: { loss: 1.0986, accuracy: 1 / 3 },
  classes: ["setosa", "versicolor", "virginica"],
  confusion: [
    [10, 0, 0],
    [0, 9, 1],
    [0, 0, 10],
  ],
};

const none = { type: "object", properties: {} };

export const CATALOG: Catalog = {
  groups: [],
  layers: [],
  activations: [],
  losses: [
    {
      type: "CategoricalCrossentropy",
      title: "Cross entropy",
      summary: "How surprised the network is.",
      tasks: ["classification"],
      params: none,
    },
    {
      type: "MeanSquaredError",
      title: "Mean squared error",
      summary: "Large errors weigh most.",
      tasks: ["regression"],
      params: none,
    },
  ],
  optimizers: [
    {
      type: "Adam",
      title: "Adam",
      summary: "A step size for every weight.",
      params: {
        type: "object",
        properties: {
          learning_rate: {
            type: "number",
            default: 0.001,
            exclusiveMinimum: 0,
            description: "How far a step goes",
          },
        },
      },
    },
  ],
  schedules: [
    {
      type: "Piecewise",
      title: "Piecewise constant",
      summary: "One learning rate after another.",
      params: {
        type: "object",
        properties: {
          values: {
            type: "array",
            items: { type: "number" },
            default: [0.01, 0.001],
            "x-series": true,
          },
        },
      },
    },
  ],
  metrics: [
    {
      type: "accuracy",
      title: "Accuracy",
      summary: "The share of right answers.",
      tasks: ["classification"],
      share: true,
      params: none,
    },
    {
      type: "top_k",
      title: "Top-k accuracy",
      summary: "The class is among the k most probable ones.",
      tasks: ["classification"],
      share: true,
      params: {
        type: "object",
        properties: { k: { type: "integer", default: 5, minimum: 1, description: "How many" } },
      },
    },
    {
      type: "specificity",
      title: "Specificity",
      summary: "Of two classes only.",
      tasks: ["classification"],
      classes: "two",
      params: none,
    },
    {
      type: "mae",
      title: "Mean absolute error",
      summary: "The mean distance.",
      tasks: ["regression"],
      params: none,
    },
  ],
  augmentations: [
    {
      type: "Turn",
      title: "Turn",
      summary: "Turns each image.",
      params: {
        type: "object",
        properties: {
          angle: { type: "number", default: 10, minimum: 0, maximum: 90, description: "How far" },
        },
      },
    },
    { type: "Mix", title: "Mix", summary: "Mixes two images.", params: none },
  ],
  initializers: [],
  regularizers: [],
  constraints: [],
  treatments: [],
};

/** Answers by path under /api, the query left out; an Error object is a refusal with its text. */
export type Answers = Record<string, unknown>;

/** Let the browser's fetch be answered from a table. What is not in it fails the test. */
export function answer(answers: Answers): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(async (input: RequestInfo | URL) => {
    const request = input as Request;
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/api\//, "");
    if (!(path in answers)) throw new Error(`The test answers no ${path}`);
    const found = answers[path];
    if (found instanceof Error) {
      const error = { code: "refused", message: found.message };
      return Response.json({ error }, { status: 409 });
    }
    if (found instanceof Blob) return new Response(found);
    return Response.json(found);
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

/** Let websockets be opened that the test speaks into. */
export function streams() {
  const opened: FakeSocket[] = [];
  class FakeSocket {
    onopen: (() => void) | null = null;
    onmessage: ((message: { data: string }) => void) | null = null;
    onclose: (() => void) | null = null;
    closed = false;
    constructor(readonly url: string) {
      opened.push(this);
    }
    close() {
      this.closed = true;
    }
    send(...events: RunEvent[]) {
      for (const event of events) this.onmessage?.({ data: JSON.stringify(event) });
    }
  }
  vi.stubGlobal("WebSocket", FakeSocket);
  return opened;
}

export function show(content: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(<QueryClientProvider client={client}>{content}</QueryClientProvider>);
}

/** Shows a panel with a recipe that lives as in the editor; answers the newest choice. */
export function showPanel(
  recipe: Recipe,
  draw: (recipe: Recipe, onChange: (recipe: Recipe) => void) => ReactNode,
): () => Recipe {
  let newest = recipe;
  function Screen() {
    const [chosen, setChosen] = useState(recipe);
    newest = chosen;
    return draw(chosen, setChosen);
  }
  show(<Screen />);
  return () => newest;
}
