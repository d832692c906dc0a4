import { expect, test } from "vitest";
import { liveUrl } from "./browser";
import type { Socket } from "./client";
import { LiveRun, LiveRuns, type Surroundings } from "./store";

function setup() {
  const sockets: (Socket & { after: number; closed: boolean })[] = [];
  const frames: (() => void)[] = [];
  const waits: { callback: () => void; cancelled: boolean }[] = [];
  const surroundings: Surroundings = {
    open: (_run, after) => {
      const socket = {
        after,
        closed: false,
        onopen: null,
        onmessage: null,
        onclose: null,
        close() {
          this.closed = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
    wait: (callback) => {
      const wait = { callback, cancelled: false };
      waits.push(wait);
      return () => {
        wait.cancelled = true;
      };
    },
    frame: (callback) => {
      frames.push(callback);
      return () => {};
    },
  };
  const send = (seq: number) =>
    sockets[sockets.length - 1]?.onmessage?.({
      data: JSON.stringify({
        kind: "metrics",
        seq,
        time: "2026-01-01T00:00:00Z",
        split: "train",
        epoch: seq,
        step: seq,
        values: { loss: seq },
      }),
    });
  const paint = () => {
    for (const frame of frames.splice(0)) frame();
  };
  return { surroundings, sockets, waits, send, paint };
}

test("a hundred events between two frames tell the watchers once", () => {
  const { surroundings, send, paint } = setup();
  const run = new LiveRun("r", surroundings);
  let told = 0;
  run.subscribe(() => {
    told += 1;
  });
  paint();
  told = 0;
  for (let seq = 1; seq <= 100; seq += 1) send(seq);
  expect(told).toBe(0);
  paint();
  expect(told).toBe(1);
  expect(run.snapshot().history.lastSeq).toBe(100);
});

test("two watchers share one connection", () => {
  const { surroundings, sockets } = setup();
  const run = new LiveRun("r", surroundings);
  run.subscribe(() => {});
  run.subscribe(() => {});
  expect(sockets).toHaveLength(1);
});

test("a watcher that comes back soon finds the connection still open", () => {
  const { surroundings, sockets, waits } = setup();
  const run = new LiveRun("r", surroundings);
  run.subscribe(() => {})();
  expect(sockets[0]?.closed).toBe(false);
  run.subscribe(() => {});
  expect(waits[0]?.cancelled).toBe(true);
});

test("the connection is let go when nobody has come back, and goes on where it was", () => {
  const { surroundings, sockets, waits, send } = setup();
  const run = new LiveRun("r", surroundings);
  const leave = run.subscribe(() => {});
  send(1);
  leave();
  waits[0]?.callback();
  expect(sockets[0]?.closed).toBe(true);
  run.subscribe(() => {});
  expect(sockets[1]?.after).toBe(1);
  expect(run.snapshot().history.lastSeq).toBe(1);
});

test("runs nobody watches are forgotten, the oldest first, watched ones never", () => {
  const { surroundings } = setup();
  const runs = new LiveRuns(surroundings, 2);
  const watched = runs.get("watched");
  watched.subscribe(() => {});
  const old = runs.get("old");
  runs.get("newer");
  expect(runs.get("watched")).toBe(watched);
  expect(runs.get("old")).not.toBe(old);
});

test("the stream is asked of the page's own server, encrypted when the page is", () => {
  expect(liveUrl({ protocol: "http:", host: "127.0.0.1:8000" }, "a/b", 7)).toBe(
    "ws://127.0.0.1:8000/api/runs/a%2Fb/live?after=7",
  );
  expect(liveUrl({ protocol: "https:", host: "example.org" }, "r", 0)).toBe(
    "wss://example.org/api/runs/r/live?after=0",
  );
});

test("a run that is expected is connected to at once, and by one socket", () => {
  const { surroundings, sockets, waits } = setup();
  const runs = new LiveRuns(surroundings);
  runs.expect("r");
  expect(sockets).toHaveLength(1);
  runs.get("r").subscribe(() => {});
  expect(sockets).toHaveLength(1);
  expect(waits).toMatchObject([{ cancelled: true }]);
});

test("a run that was expected in vain is let go", () => {
  const { surroundings, sockets, waits } = setup();
  new LiveRuns(surroundings).expect("r");
  for (const { callback } of waits) callback();
  expect(sockets[0]?.closed).toBe(true);
});
