import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer, DATASET, RUN, show } from "../testing";
import { PredictPanel } from "./PredictPanel";

const PATH = `runs/${RUN.id}/predict`;
const PREDICTIONS = {
  target: "species",
  predictions: [
    { value: "setosa", probabilities: { setosa: 0.9, versicolor: 0.08, virginica: 0.02 } },
    { value: "virginica", probabilities: { setosa: 0, versicolor: 0.25, virginica: 0.75 } },
  ],
  total: 1_200,
  columns: ["petal length", "colour", "note"],
  rows: [
    ["1,5", "red", null],
    ["6,1", "white", "the last"],
  ],
  report: [{ severity: "info", code: "delimiter", message: "Delimited by a semicolon." }],
};
const TABLE = new File(["petal length;colour\n1,5;red\n"], "flowers.csv", { type: "text/csv" });
const IMAGES = {
  ...DATASET,
  kind: "images",
  description: {
    kind: "images",
    rows: 4,
    bytes: 9,
    image: { channels: 1, height: 8, width: 8 },
    classes: [],
  },
};
const saved: string[] = [];

beforeEach(() => {
  saved.length = 0;
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x" }));
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function panel(answers: Record<string, unknown>) {
  const fetched = answer({ "datasets/dataset-1": DATASET, ...answers });
  const { container } = show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  return { fetched, container };
}

async function choose(container: HTMLElement, file: File) {
  await userEvent.click(await screen.findByRole("radio", { name: "Predict a file" }));
  const input = [...container.querySelectorAll<HTMLInputElement>('input[type="file"]')].at(-1);
  if (input === undefined) throw new Error("no input for a file");
  await userEvent.upload(input, file);
}

test("a file is asked for by the columns that it needs", async () => {
  panel({});
  await userEvent.click(await screen.findByRole("radio", { name: "Predict a file" }));
  const names = within(screen.getByRole("list", { name: "Columns" })).getAllByRole("listitem");
  expect(names.map((name) => name.textContent)).toEqual(["petal length", "colour"]);
});

test("the first rows of a file stand beside what is predicted of them", async () => {
  const { fetched, container } = panel({ [PATH]: PREDICTIONS });
  await choose(container, TABLE);
  const region = await screen.findByRole("region", { name: "Predictions" });
  const rows = within(region).getAllByRole("row");
  expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
    ["Row", "species, predicted", "Probability", "petal length", "colour", "note"],
    ["1", "setosa", "90.0%", "1,5", "red", "missing"],
    ["2", "virginica", "75.0%", "6,1", "white", "the last"],
  ]);
  expect(screen.getByText(/1,200 rows, the first 2 below/)).toBeTruthy();
  expect(screen.getByText("Delimited by a semicolon.")).toBeTruthy();
  const request = fetched.mock.calls.at(-1)?.[0] as Request;
  expect(new URL(request.url).search).toBe("?limit=100");
  expect(request.headers.get("content-type")).toMatch(/^multipart\/form-data/);
});

test("every row is kept in a file by one click", async () => {
  const answers: Record<string, unknown> = { [PATH]: PREDICTIONS };
  const fetched = answer(Object.assign(answers, { "datasets/dataset-1": DATASET }));
  const { container } = show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await choose(container, TABLE);
  const button = await screen.findByRole("button", { name: "Download as CSV" });
  answers[PATH] = new Blob(["a,b\n"], { type: "text/csv" });
  await userEvent.click(button);
  await waitFor(() => expect(saved).toEqual(["flowers-run-7-predictions.csv"]));
  const request = fetched.mock.calls.at(-1)?.[0] as Request;
  expect(new URL(request.url).search).toBe("?format=csv");
});

test("what does not suit is told with its row and column, and another file may follow", async () => {
  const error = {
    code: "invalid_value",
    message: "Row 3: expected a number, got “tall”.",
    where: { row: 3, column: "petal length" },
  };
  const fetched = vi.fn(async (input: RequestInfo | URL) =>
    (input as Request).method === "POST"
      ? Response.json({ error }, { status: 422 })
      : Response.json(DATASET),
  );
  vi.stubGlobal("fetch", fetched);
  const { container } = show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await choose(container, TABLE);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("flowers.csv cannot be predicted from");
  expect(alert.textContent).toContain("Row 3 · Column “petal length”");
  fetched.mockImplementation(async () => Response.json(PREDICTIONS));
  await choose(container, TABLE);
  expect(await screen.findByRole("region", { name: "Predictions" })).toBeTruthy();
});

test("a file that is dropped on the form for one row is predicted from", async () => {
  panel({ [PATH]: PREDICTIONS });
  const form = await screen.findByRole("button", { name: "Predict" });
  fireEvent.drop(form, { dataTransfer: { files: [TABLE], types: ["Files"] } });
  expect(await screen.findByRole("region", { name: "Predictions" })).toBeTruthy();
});

test("an answer that takes long can be done without", async () => {
  let signal: AbortSignal | undefined;
  const pending = new Promise<Response>(() => undefined);
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const request = input as Request;
    if (request.method !== "POST") return Response.json(DATASET);
    signal = request.signal;
    return pending;
  });
  const { container } = show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await choose(container, TABLE);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(signal?.aborted).toBe(true);
  expect(screen.getByRole("button", { name: "Choose a file" })).toBeTruthy();
});

test("what was said of how to read a file goes with it, and with the file that is kept", async () => {
  const fetched = vi.fn(async (input: RequestInfo | URL) => {
    const request = input as Request;
    if (request.method !== "POST") return Response.json(DATASET);
    const options = (await request.clone().formData()).get("options");
    if (options === null) {
      const error = { code: "wrong_encoding", message: "Expected UTF-8." };
      return Response.json({ error }, { status: 422 });
    }
    asked.push([new URL(request.url).search, JSON.parse(String(options))]);
    return request.url.includes("csv")
      ? new Response("a,b\n", { headers: { "Content-Type": "text/csv" } })
      : Response.json(PREDICTIONS);
  });
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", fetched);
  const { container } = show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await choose(container, TABLE);
  await screen.findByRole("alert");
  await userEvent.click(screen.getByRole("button", { name: "Say how to read it" }));
  expect(screen.queryByRole("textbox", { name: "Sheet" })).toBeNull();
  await userEvent.click(screen.getByRole("combobox", { name: "Encoding" }));
  await userEvent.click(await screen.findByRole("option", { name: /^Windows-1252/ }));
  await userEvent.click(screen.getByRole("button", { name: "Read and predict" }));
  await userEvent.click(await screen.findByRole("button", { name: "Download as CSV" }));
  await waitFor(() => expect(saved).toHaveLength(1));
  const said = { encoding: "windows-1252" };
  expect(asked).toEqual([
    ["?limit=100", said],
    ["?format=csv", said],
  ]);
  // It is known, and can be changed, where it is asked for again.
  await userEvent.click(screen.getByRole("button", { name: "Say how to read it" }));
  expect(screen.getByRole("combobox", { name: "Encoding" }).textContent).toContain("Windows-1252");
});

test("of images nothing can be said of how to read them", async () => {
  const { container } = panel({
    "datasets/dataset-1": IMAGES,
    "datasets/dataset-1/images/0": new Blob(["x"]),
    [PATH]: new Error("Expected an image."),
  });
  await choose(container, new File(["x"], "no.png", { type: "image/png" }));
  expect(await screen.findByText("Expected an image.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Say how to read it" })).toBeNull();
});

test("a picture goes to the network as the file that it is", async () => {
  const { fetched, container } = panel({
    "datasets/dataset-1": IMAGES,
    [PATH]: { ...PREDICTIONS, total: 1, pictures: ["AAAA"] },
  });
  await screen.findByTestId("drawing-board");
  const input = container.querySelector<HTMLInputElement>('input[accept="image/*"]');
  if (input === null) throw new Error("no input for a picture");
  await userEvent.upload(input, new File(["pixels"], "six.png", { type: "image/png" }));
  expect((await screen.findByTestId("prediction")).textContent).toContain("setosa");
  const request = fetched.mock.calls.map(([each]) => each as Request).at(-1);
  expect(request?.method).toBe("POST");
  const sent = (await request?.clone().formData())?.get("file") as File;
  expect([sent.name, await sent.text()]).toEqual(["six.png", "pixels"]);
});

test("images are shown beside what is predicted of them", async () => {
  answer({
    "datasets/dataset-1": IMAGES,
    "datasets/dataset-1/images/0": new Blob(["x"]),
    [PATH]: {
      ...PREDICTIONS,
      total: 2,
      columns: ["file"],
      rows: [["a/1.png"], ["a/2.png"]],
      pictures: ["AAAA", "BBBB"],
      report: [],
    },
  });
  const { container } = show(<PredictPanel run={{ ...RUN, state: "completed" }} finished />);
  await choose(container, new File(["x"], "my.zip", { type: "application/zip" }));
  const shown = await screen.findAllByRole("img", { name: /a\/\d.png/ });
  expect(shown.map((each) => each.getAttribute("src"))).toEqual([
    "data:image/png;base64,AAAA",
    "data:image/png;base64,BBBB",
  ]);
});
