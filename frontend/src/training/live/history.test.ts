import { expect, test } from "vitest";
import type { RunEvent } from "./events";
import { RunHistory } from "./history";
import type { Series } from "./series";

const TIME = "2026-01-01T00:00:00Z";
type Unnumbered = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, "seq" | "time">
    : never
  : never;

function folded(...events: Unnumbered[]): RunHistory {
  const history = new RunHistory();
  events.forEach((event, i) => {
    history.fold({ ...event, seq: i + 1, time: TIME } as RunEvent);
  });
  return history;
}

function points(series: Series | undefined) {
  if (series === undefined) return [];
  return Array.from({ length: series.length }, (_, i) => [series.x[i], series.y[i]]);
}

test("metrics become one curve per split, by step and by epoch", () => {
  const history = folded(
    { kind: "metrics", split: "train", scope: "step", epoch: 1, step: 5, values: { loss: 2 } },
    { kind: "metrics", split: "train", scope: "epoch", epoch: 1, step: 10, values: { loss: 1.5 } },
    {
      kind: "metrics",
      split: "validation",
      epoch: 1,
      step: 10,
      values: { loss: 1.4, accuracy: 0.5 },
    },
    {
      kind: "metrics",
      split: "validation",
      epoch: 2,
      step: 20,
      values: { loss: 1.1, accuracy: 0.7 },
    },
  );
  expect([...history.curves.keys()]).toEqual(["loss", "accuracy"]);
  const loss = history.curves.get("loss");
  expect(points(loss?.train.steps)).toEqual([[5, 2]]);
  expect(points(loss?.train.epochs)).toEqual([[1, 1.5]]);
  expect(points(loss?.validation.epochs)).toEqual([
    [1, 1.4],
    [2, 1.1],
  ]);
  expect(history.epoch).toBe(2);
});

test("how far the values reached that are not told is kept beside the curve", () => {
  const point = { kind: "metrics", split: "train", step: 4_098 } as const;
  const history = folded(
    { ...point, epoch: 4_096, values: { loss: 1 } },
    { ...point, epoch: 4_098, values: { loss: 2 }, low: { loss: 0.5 }, high: { loss: 70 } },
    { ...point, epoch: 4_100, values: { loss: 3 }, high: { loss: null } },
  );
  const band = history.curves.get("loss")?.train.epochBand;
  expect(points(band?.low)).toEqual([
    [4_098, 0.5],
    [4_100, 3],
  ]);
  expect(points(band?.high)).toEqual([
    [4_098, 70],
    [4_100, Number.NaN],
  ]);
});

test("a step is placed on the epoch axis by the steps per epoch", () => {
  const history = folded({
    kind: "progress",
    epoch: 3,
    step: 25,
    steps_per_epoch: 10,
    samples_per_second: 320,
    seconds_left: 4,
  });
  expect(history.epochOfStep(25)).toBe(2.5);
  expect(history.samplesPerSecond).toBe(320);
  expect(history.secondsLeft).toBe(4);
});

test("without a progress event the first whole epoch tells how long an epoch is", () => {
  const history = folded({ kind: "metrics", split: "train", epoch: 2, step: 14, values: {} });
  expect(history.epochOfStep(7)).toBe(1);
});

test("a value that was not finite stays a gap", () => {
  const history = folded({
    kind: "metrics",
    split: "train",
    epoch: 1,
    step: 1,
    values: { loss: null },
  });
  expect(points(history.curves.get("loss")?.train.epochs)).toEqual([[1, Number.NaN]]);
});

test("state, best epoch, layers, findings and the log follow the events", () => {
  const history = folded(
    { kind: "status", state: "running", message: "Training on the CPU" },
    { kind: "checkpoint", epoch: 4, best: true },
    { kind: "checkpoint", epoch: 5, best: false },
    { kind: "layers", epoch: 5, step: 50, nodes: { dense: { weights: null } } },
    { kind: "finding", node: "dense", code: "dead_units", message: "41% dead units" },
    { kind: "status", state: "diverged", message: "The loss was not finite at step 12" },
  );
  expect(history.state).toBe("diverged");
  expect(history.bestEpoch).toBe(4);
  expect(history.layersEpoch).toBe(5);
  expect(history.findings.map((finding) => finding.node)).toEqual(["dense"]);
  expect(history.log.map((line) => [line.text, line.tone])).toEqual([
    ["Training on the CPU", "neutral"],
    ["41% dead units", "warn"],
    ["The loss was not finite at step 12", "bad"],
  ]);
});
