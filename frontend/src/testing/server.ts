/** Answers of the HTTP contract for tests of pages: routes by method and path. */
import { vi } from "vitest";
import type {
  Catalog,
  Dataset,
  DatasetSummary,
  Health,
  Network,
  NetworkSummary,
  RunSummary,
  Sample,
} from "../api";

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

type Answer = unknown | ((call: Call) => unknown);

/** An answer with another status than 200. */
export class Status {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

export function refusal(status: number, message: string, where: object | null = null): Status {
  return new Status(status, { error: { code: "refused", message, where, problems: [] } });
}

const HEALTH: Health = {
  status: "ok",
  version: "0.1.0",
  devices: [{ type: "cpu", name: "Test CPU" }],
  workers: { busy: 0, queued: 0, slots: 2 },
};

const EMPTY_PAGE = { items: [], next_cursor: null };

const QUIET: Record<string, Answer> = {
  "GET /api/health": HEALTH,
  "GET /api/catalog": {
    groups: [],
    layers: [],
    activations: [],
    losses: [],
    optimizers: [],
    schedules: [],
    metrics: [],
    augmentations: [],
    initializers: [],
    regularizers: [],
    constraints: [],
    treatments: [],
  } satisfies Catalog,
  "GET /api/gallery": EMPTY_PAGE,
  "GET /api/samples": EMPTY_PAGE,
  "GET /api/networks": EMPTY_PAGE,
  "GET /api/datasets": EMPTY_PAGE,
  "GET /api/runs": EMPTY_PAGE,
};

/** Stands in for the server until the test ends; returns what it was asked, in order. */
export function serve(routes: Record<string, Answer>): Call[] {
  const calls: Call[] = [];
  const all = { ...QUIET, ...routes };
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { pathname: path, searchParams: query } = new URL(request.url);
    const text = await request.text();
    const call: Call = {
      method: request.method,
      path,
      query,
      body: text && request.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text,
      headers: request.headers,
    };
    calls.push(call);
    const route = all[`${call.method} ${path}`];
    const answer =
      route === undefined
        ? refusal(404, `Expected a route of the test, got ${call.method} ${path}.`)
        : typeof route === "function"
          ? route(call)
          : route;
    const { status, body } = answer instanceof Status ? answer : new Status(200, answer);
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/json" },
    });
  });
  return calls;
}

export const samples: Sample[] = [
  {
    slug: "flowers",
    title: "Flowers",
    summary: "Tell flowers apart.",
    kind: "table",
    rows: 150,
    task: "classification",
    source: "A paper",
    terms: "CC BY 4.0",
    category: "Measurements",
    noise: null,
  },
  {
    slug: "prices",
    title: "Prices",
    summary: "Predict a price.",
    kind: "table",
    rows: 442,
    task: "regression",
    source: "A paper",
    terms: "CC BY 4.0",
    category: "Measurements",
    noise: null,
  },
  {
    slug: "scans",
    title: "Scans",
    summary: "Recognise scans.",
    kind: "images",
    rows: 1797,
    task: "classification",
    source: "A paper",
    terms: "CC BY 4.0",
    category: "Images",
    noise: null,
  },
];

export function network(values: Partial<Network> = {}): Network {
  return {
    id: "n1",
    name: "First try",
    revision: 3,
    nodes: 1,
    dataset_id: null,
    created_at: "2026-01-02T03:04:05Z",
    updated_at: "2026-01-02T03:04:05Z",
    architecture: { format: "neuroloom/1", nodes: [{ id: "a", type: "A" }], edges: [] },
    recipe: null,
    ...values,
  };
}

export function networkSummary(values: Partial<Network> = {}): NetworkSummary {
  const { architecture: _architecture, recipe: _recipe, ...summary } = network(values);
  return summary;
}

export function run(values: Partial<RunSummary> = {}): RunSummary {
  return {
    id: "r1",
    number: 1,
    network_id: "n1",
    network_name: "First try",
    dataset_id: "d1",
    dataset_name: "Flowers",
    state: "completed",
    message: "",
    epoch: 10,
    epochs: 10,
    values: { loss: 0.4, val_loss: 0.5, val_accuracy: 0.9 },
    best: { loss: 0.4, val_loss: 0.5, val_accuracy: 0.9 },
    spark: [1, 0.7, 0.5],
    settings: { optimizer: "Adam", learning_rate: 0.001, batch_size: 32, parameters: 1234 },
    created_at: "2026-01-02T03:04:05Z",
    started_at: "2026-01-02T03:04:06Z",
    ended_at: "2026-01-02T03:04:16Z",
    ...values,
  };
}

export function datasetSummary(values: Partial<DatasetSummary> = {}): DatasetSummary {
  return {
    id: "d1",
    name: "Flowers",
    state: "ready",
    kind: "table",
    rows: 150,
    sample: "flowers",
    created_at: "2026-01-02T03:04:05Z",
    ...values,
  };
}

export function dataset(values: Partial<Dataset> = {}): Dataset {
  return {
    ...datasetSummary(),
    description: {
      kind: "table",
      rows: 150,
      bytes: 4_200,
      columns: [
        {
          name: "width",
          kind: "number",
          kind_reason: "numbers with decimals",
          role: "input",
          missing: 3,
          unique: 40,
          minimum: 0.1,
          maximum: 2.5,
          mean: 1.2,
          std: 0.76,
          median: 1.3,
          treatment_in_full: { missing: "mean", scaling: "standard", indicator: false },
          distribution: [
            { label: "0.1 to 1.3", count: 80, low: 0.1, high: 1.3 },
            { label: "1.3 to 2.5", count: 67, low: 1.3, high: 2.5 },
          ],
          correlation: null,
        },
        {
          name: "species",
          kind: "category",
          kind_reason: "3 different texts",
          role: "target",
          missing: 0,
          unique: 3,
          categories: ["setosa", "versicolor", "virginica"],
          treatment_in_full: { missing: "most_frequent", encoding: "one_hot" },
          distribution: [{ label: "setosa", count: 50 }],
        },
      ],
      classes: [],
      problem: {
        task: "classification",
        target: "species",
        classes: ["setosa", "versicolor", "virginica"],
        reason: "species has 3 different values.",
      },
      report: [
        {
          severity: "warning",
          code: "missing",
          message: "3 cells of width are empty; they are filled with the median.",
          count: 3,
          examples: ["row 7"],
        },
      ],
    },
    ...values,
  };
}
