import { expect, test } from "vitest";
import type { RunEvent } from "../live/events";
import { RunHistory } from "../live/history";
import { Series } from "../live/series";
import { frame } from "./frame";
import { linesOf } from "./lines";
import { epochRange, valueRange } from "./range";
import { smooth } from "./smooth";

const TIME = "2026-01-01T00:00:00Z";

function historyOf(values: (number | null)[], stepsPerEpoch = 4): RunHistory {
  const history = new RunHistory();
  let seq = 0;
  const fold = (event: Record<string, unknown>) => {
    seq += 1;
    history.fold({ ...event, seq, time: TIME } as RunEvent);
  };
  values.forEach((value, i) => {
    const epoch = i + 1;
    for (let step = 1; step <= stepsPerEpoch; step += 1) {
      const at = i * stepsPerEpoch + step;
      fold({
        kind: "metrics",
        split: "train",
        scope: "step",
        epoch,
        step: at,
        values: { loss: 2 / at },
      });
    }
    const step = epoch * stepsPerEpoch;
    fold({ kind: "metrics", split: "train", epoch, step, values: { loss: value } });
    fold({ kind: "metrics", split: "validation", epoch, step, values: { loss: value } });
  });
  return history;
}

test("steps and epochs share one axis of epochs", () => {
  const lines = linesOf(historyOf([1, 0.5]), "loss", 0);
  expect(lines.map((line) => line.key)).toEqual(["train-steps", "train", "validation"]);
  const { data, drawn } = frame(lines, { from: 0, to: 2 }, 300);
  expect([...data[0]]).toEqual([0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]);
  expect(data[3]).toEqual([
    undefined,
    undefined,
    undefined,
    1,
    undefined,
    undefined,
    undefined,
    0.5,
  ]);
  expect(drawn).toEqual({ "train-steps": 8, train: 2, validation: 2 });
});

test("a value that was not finite is a gap in the line, not a missing point", () => {
  const { data } = frame(linesOf(historyOf([1, null, 0.5], 1), "loss", 0), { from: 0, to: 3 }, 300);
  expect(data[1]).toEqual([1, null, 0.5]);
});

test("a gap reaches from the last finite point to the next, past the points of other lines", () => {
  const { data } = frame(linesOf(historyOf([1, null, 0.5], 2), "loss", 0), { from: 0, to: 3 }, 300);
  expect([...data[0]]).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
  expect(data[3]).toEqual([undefined, 1, null, null, null, 0.5]);
});

test("steps are left out when epochs pass faster than steps are reported", () => {
  const history = historyOf([1, 0.8, 0.6], 1);
  expect(linesOf(history, "loss", 0).map((line) => line.key)).toEqual(["train", "validation"]);
});

test("smoothing keeps the raw lines and adds calmer ones", () => {
  const history = historyOf([1, 0, 1, 0]);
  const raw = linesOf(history, "loss", 0);
  const smoothed = linesOf(history, "loss", 0.6);
  expect(smoothed.slice(0, 3).map((line) => line.series)).toEqual(raw.map((line) => line.series));
  expect(smoothed.map((line) => line.key).slice(3)).toEqual([
    "train-smoothed",
    "validation-smoothed",
  ]);
});

test("the moving average starts at the first value and goes on as the curve grows", () => {
  const series = new Series();
  series.push(1, 4);
  expect(smooth(series, 0.5).last()).toEqual({ x: 1, y: 4 });
  series.push(2, 1);
  expect(smooth(series, 0.5).last()?.y).toBeCloseTo(2);
  series.push(3, null);
  expect(smooth(series, 0.5).y[2]).toBeNaN();
  series.push(2, 4);
  expect(smooth(series, 0.5).last()?.y).toBeCloseTo(4);
});

test("another run is laid under this one's curves", () => {
  const overlay = { label: "Run 3", history: historyOf([3, 2]) };
  const lines = linesOf(historyOf([1], 1), "loss", 0, overlay);
  expect(lines.map((line) => line.label)).toEqual(["train", "Run 3", "validation"]);
});

test("the axis of a running run shows where it is going, of a finished one what it did", () => {
  expect(epochRange(14, 30, false)).toEqual({ from: 0, to: 30 });
  expect(epochRange(14, 500, false)).toEqual({ from: 0, to: 30 });
  expect(epochRange(40, 500, false)).toEqual({ from: 0, to: 60 });
  expect(epochRange(499, 500, false)).toEqual({ from: 0, to: 500 });
  expect(epochRange(61, 500, true)).toEqual({ from: 0, to: 61 });
});

test("the value axis includes the baseline and never dips below a loss of zero", () => {
  const [low, high] = valueRange(0.01, 1, { log: false, share: false, baseline: 2.3 });
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(2.3);
  expect(valueRange(0.91, 0.97, { log: false, share: true, baseline: null })).toEqual([0.8, 1]);
  const [least] = valueRange(0, 1, { log: true, share: false, baseline: null });
  expect(least).toBeGreaterThan(0);
});
