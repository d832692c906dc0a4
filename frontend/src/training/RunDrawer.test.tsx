import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunEvent } from "./live/events";
import { RunDrawer } from "./RunDrawer";
import { answer, CATALOG, DATASET, EVALUATION, RUN, show, streams, TIME } from "./testing";

let id = 0;

/** Live runs outlive components, so every test has a run of its own. */
function setup(state: typeof RUN.state = "running") {
  id += 1;
  const run = { ...RUN, id: `run-${id}`, state };
  const answers: Record<string, unknown> = {
    [`runs/${run.id}`]: run,
    [`runs/${run.id}/stop`]: { ...run, state: "stopping" },
    [`runs/${run.id}/evaluation`]: EVALUATION,
    runs: { items: [run], next_cursor: null },
    "datasets/dataset-1": DATASET,
    catalog: CATALOG,
  };
  const fetched = answer(answers);
  const sockets = streams();
  const onRun = vi.fn();
  const onStart = vi.fn();
  const drawer = (runId: string | null) => (
    <RunDrawer
      networkId="network-1"
      runId={runId}
      onRun={onRun}
      onStart={onStart}
      onFolds={vi.fn()}
      starting={false}
    />
  );
  return { run, answers, fetched, sockets, onRun, onStart, drawer };
}

function epoch(seq: number, number: number, loss: number | null): RunEvent {
  return {
    kind: "metrics",
    seq,
    time: TIME,
    split: "validation",
    epoch: number,
    step: number * 4,
    values: { loss, accuracy: 0.5 },
  };
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.unstubAllGlobals();
});

test("a running run shows state, device, epoch and its newest values as they arrive", async () => {
  const { run, sockets, drawer } = setup();
  show(drawer(run.id));
  expect(await screen.findByText("running on CPU")).toBeTruthy();
  act(() =>
    sockets[0]?.send(
      { kind: "status", seq: 1, time: TIME, state: "running", message: "Training on the CPU" },
      {
        kind: "progress",
        seq: 2,
        time: TIME,
        epoch: 2,
        step: 6,
        steps_per_epoch: 4,
        samples_per_second: 21_400,
        seconds_left: 19,
      },
      epoch(3, 1, 0.9),
      epoch(4, 2, 0.4),
    ),
  );
  expect(await screen.findByText("21,400 rows/s · 19 s left")).toBeTruthy();
  const chart = screen.getByRole("img", { name: /^Loss\. Validation 0\.4 at epoch 2/ });
  expect(JSON.parse(chart.dataset.points ?? "")).toEqual({ validation: 2 });
  expect(
    screen.getByRole("img", { name: /^Accuracy\. Validation 50\.0% at epoch 2/ }),
  ).toBeTruthy();
  const bar = screen.getByRole("progressbar", { name: "Epochs done" });
  expect(bar.getAttribute("aria-valuenow")).toBe("7");
});

test("events that are sent again after a broken connection are drawn once", async () => {
  const { run, sockets, drawer } = setup();
  show(drawer(run.id));
  await screen.findByText("running on CPU");
  act(() => sockets[0]?.send(epoch(1, 1, 0.9), epoch(2, 2, 0.5)));
  act(() => sockets[0]?.onclose?.());
  await waitFor(() => expect(sockets).toHaveLength(2));
  expect(sockets[1]?.url).toContain("after=2");
  act(() => sockets[1]?.send(epoch(2, 2, 0.5), epoch(3, 3, 0.4)));
  const chart = await screen.findByRole("img", { name: /Validation 0\.4 at epoch 3/ });
  expect(JSON.parse(chart.dataset.points ?? "")).toEqual({ validation: 3 });
});

test("a value that was not finite is said, not hidden", async () => {
  const { run, sockets, drawer } = setup();
  show(drawer(run.id));
  await screen.findByText("running on CPU");
  act(() => sockets[0]?.send(epoch(1, 1, 0.9), epoch(2, 2, null)));
  expect(await screen.findByText("1 gap: the value was not finite")).toBeTruthy();
});

test("every chart can be read as a table", async () => {
  const { run, sockets, drawer } = setup();
  show(drawer(run.id));
  await screen.findByText("running on CPU");
  act(() => sockets[0]?.send(epoch(1, 1, 0.9), epoch(2, 2, 0.5)));
  await screen.findByRole("img", { name: /Validation 0\.5/ });
  await userEvent.click(screen.getByRole("button", { name: "Loss as a table" }));
  const rows = within(screen.getByRole("region", { name: "Loss by epoch" })).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual(["EpochTrainingValidation", "2–0.5", "1–0.9"]);
});

test("Stop asks the server to stop the run", async () => {
  const { run, fetched, drawer } = setup();
  show(drawer(run.id));
  await userEvent.click(await screen.findByRole("button", { name: "Stop" }));
  await waitFor(() =>
    expect(fetched.mock.calls.map(([request]) => (request as Request).url)).toContainEqual(
      expect.stringContaining(`/api/runs/${run.id}/stop`),
    ),
  );
});

test("Pause is asked of a running run, Resume of a paused one, and neither of a diverged one", async () => {
  const { run, answers, fetched, sockets, drawer } = setup();
  answers[`runs/${run.id}/pause`] = run;
  answers[`runs/${run.id}/resume`] = { ...run, state: "queued" };
  const asked = () => fetched.mock.calls.map(([request]) => (request as Request).url);
  show(drawer(run.id));
  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
  await waitFor(() => expect(asked()).toContainEqual(expect.stringContaining("/pause")));
  answers[`runs/${run.id}`] = { ...run, state: "paused" };
  act(() =>
    sockets[0]?.send({ kind: "status", seq: 1, time: TIME, state: "paused", message: "Paused" }),
  );
  await userEvent.click(await screen.findByRole("button", { name: "Resume" }));
  await waitFor(() => expect(asked()).toContainEqual(expect.stringContaining("/resume")));
  answers[`runs/${run.id}`] = { ...run, state: "diverged" };
  act(() =>
    sockets[0]?.send({
      kind: "status",
      seq: 2,
      time: TIME,
      state: "diverged",
      message: "Diverged",
    }),
  );
  await waitFor(() => expect(screen.queryByRole("button", { name: "Stop" })).toBeNull());
  expect(screen.queryByRole("button", { name: "Resume" })).toBeNull();
});

test("a completed run goes on for more epochs", async () => {
  const { run, answers, fetched, drawer } = setup("completed");
  answers[`runs/${run.id}`] = { ...run, epoch: 30 };
  answers[`runs/${run.id}/resume`] = { ...run, state: "queued", epochs: 50 };
  show(drawer(run.id));
  await userEvent.click(await screen.findByRole("button", { name: "Train on" }));
  const dialog = await screen.findByRole("dialog", { name: "Train for more epochs" });
  expect(within(dialog).getByText("Epochs in all; 30 are done.")).toBeTruthy();
  await userEvent.click(within(dialog).getByRole("button", { name: "Train on" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const request = fetched.mock.calls
    .map(([request]) => request as Request)
    .find((request) => request.url.endsWith("/resume"));
  expect(request?.method).toBe("POST");
});

test("a running run is changed: only what differs is asked for, and the curves say when it counted", async () => {
  const { run, answers, fetched, sockets, drawer } = setup();
  const early_stopping = { monitor: "val_loss", patience: 10, min_delta: 0, restore_best: true };
  answers[`runs/${run.id}`] = { ...run, recipe: { ...run.recipe, early_stopping } };
  show(drawer(run.id));
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog", { name: "Change run 7" });
  const send = within(dialog).getByRole("button", { name: "Change" });
  expect(send.hasAttribute("disabled")).toBe(true);
  const rate = within(dialog).getByLabelText("Learning rate");
  await userEvent.clear(rate);
  await userEvent.type(rate, "0.01");
  const patience = within(dialog).getByLabelText("Patience");
  await userEvent.clear(patience);
  await userEvent.type(patience, "25");
  await userEvent.click(send);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const request = fetched.mock.calls
    .map(([request]) => request as Request)
    .find(({ method }) => method === "PATCH");
  expect(await request?.json()).toEqual({
    recipe: { learning_rate: 0.01, early_stopping: { ...early_stopping, patience: 25 } },
  });
  act(() => {
    const change = { learning_rate: 0.01, epochs: null, max_steps: null, early_stopping: null };
    const event = {
      kind: "change",
      seq: 1,
      time: TIME,
      epoch: 1,
      step: 4,
      recipe: change,
    } as const;
    sockets[0]?.send(event);
  });
  expect(
    await screen.findByRole("img", { name: /^Loss\..*Changed: learning rate 0\.01\./ }),
  ).toBeTruthy();
});

test("the end of a run brings its result in plain words", async () => {
  const { run, answers, sockets, drawer } = setup();
  show(drawer(run.id));
  await screen.findByText("running on CPU");
  answers[`runs/${run.id}`] = { ...run, state: "completed", epoch: 2, last_seq: 2 };
  act(() =>
    sockets[0]?.send(epoch(1, 2, 0.4), {
      kind: "status",
      seq: 2,
      time: TIME,
      state: "completed",
      message: "All epochs done",
    }),
  );
  expect(await screen.findByText("completed")).toBeTruthy();
  await userEvent.click(screen.getByRole("tab", { name: "Result" }));
  expect(await screen.findByText("Right on 29 of 30 rows it has never seen: 96.7%.")).toBeTruthy();
  expect(screen.getByText("Always saying “setosa”: 33.3%.")).toBeTruthy();
  expect(screen.getByRole("region", { name: "Confusion matrix" })).toBeTruthy();
});

test("a failed run says why where it cannot be overlooked", async () => {
  const { run, sockets, drawer } = setup();
  show(drawer(run.id));
  await screen.findByText("running on CPU");
  act(() =>
    sockets[0]?.send({
      kind: "status",
      seq: 1,
      time: TIME,
      state: "failed",
      message: "The training ran out of memory.",
    }),
  );
  expect(await screen.findByRole("alert")).toHaveProperty(
    "textContent",
    "Failed: The training ran out of memory.",
  );
});

test("an editor that is opened again shows its network's newest run", async () => {
  const { run, onRun, drawer } = setup();
  show(drawer(null));
  await waitFor(() => expect(onRun).toHaveBeenCalledWith(run.id));
});

test("before the first run, Train is there and says what will happen", async () => {
  const { answers, onStart, onRun, drawer } = setup();
  answers.runs = { items: [], next_cursor: null };
  show(drawer(null));
  expect(screen.getByText("Train to see it learn")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Train" }));
  expect(onStart).toHaveBeenCalledOnce();
  expect(onRun).not.toHaveBeenCalled();
});

test("a folded drawer stays folded", async () => {
  const { run, drawer } = setup();
  const { unmount } = show(drawer(run.id));
  await screen.findByText("running on CPU");
  await userEvent.click(screen.getByRole("button", { name: "Fold the drawer" }));
  unmount();
  show(drawer(run.id));
  expect(screen.queryByRole("tab", { name: "Curves" })).toBeNull();
  expect(screen.getByRole("button", { name: "Unfold the drawer" })).toBeTruthy();
});

test("the drawer is made taller by keyboard", async () => {
  const { run, drawer } = setup();
  show(drawer(run.id));
  const handle = screen.getByRole("separator", { name: "Height of the run drawer" });
  const before = Number(handle.getAttribute("aria-valuenow"));
  handle.focus();
  await userEvent.keyboard("{ArrowUp}");
  expect(Number(handle.getAttribute("aria-valuenow"))).toBeGreaterThan(before);
});

test("a finding leads to its layer, and its fix is trained as a new run", async () => {
  const { run, answers, fetched, sockets } = setup();
  const fork = { ...run, id: "run-forked", number: 8, state: "queued" };
  answers[`runs/${run.id}/fork`] = {
    ...fork,
    fork: { run_id: run.id, number: 7, title: "Set activation to leaky_relu", weights: "start" },
  };
  const onFork = vi.fn();
  const onLayer = vi.fn();
  show(
    <RunDrawer
      networkId="network-1"
      runId={run.id}
      onRun={vi.fn()}
      onStart={vi.fn()}
      onFolds={vi.fn()}
      onFork={onFork}
      onLayer={onLayer}
      starting={false}
    />,
  );
  await screen.findByText("running on CPU");
  act(() =>
    sockets[0]?.send({
      kind: "finding",
      seq: 1,
      time: TIME,
      node: "encoder",
      layer: "encoder.0.dense",
      code: "dead_relu",
      title: "Dead ReLUs",
      severity: "warning",
      message: "75% of the units of this layer give 0 for every example.",
      fix: {
        title: "Set activation to leaky_relu",
        changes: [{ op: "set_params", node: "encoder", params: {} }],
      },
    }),
  );
  const list = await screen.findByRole("list", { name: "Findings, newest first" });
  expect(within(list).getByText("Dead ReLUs")).toBeTruthy();
  await userEvent.click(within(list).getByRole("button", { name: "encoder › copy 1 › dense" }));
  expect(onLayer).toHaveBeenCalledWith("encoder.0.dense");
  const more = within(list).getByRole("link", { name: /^Read more about dead relus/ });
  expect(more.getAttribute("href")).toBe("/learn/reference/findings/dead_relu");
  await userEvent.click(within(list).getByRole("button", { name: "Fork with fix" }));
  await waitFor(() => expect(onFork).toHaveBeenCalledOnce());
  expect(onFork.mock.calls[0]?.[0].id).toBe("run-forked");
  const sent = fetched.mock.calls
    .map(([request]) => request as Request)
    .find(({ url }) => url.endsWith("/fork"));
  expect(await sent?.clone().json()).toEqual({ finding: 1 });
});
