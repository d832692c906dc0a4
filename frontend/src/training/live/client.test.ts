import { expect, test } from "vitest";
import { type Connection, LiveClient, type Socket } from "./client";
import type { RunEvent } from "./events";

const TIME = "2026-01-01T00:00:00Z";

function metrics(seq: number): RunEvent {
  return { kind: "metrics", seq, time: TIME, split: "train", epoch: seq, step: seq, values: {} };
}

function status(seq: number, state: "running" | "completed"): RunEvent {
  return { kind: "status", seq, time: TIME, state };
}

/** A network whose every connection and every wait the test drives itself. */
function setup() {
  const sockets: (Socket & { after: number; closed: boolean })[] = [];
  const waits: { callback: () => void; milliseconds: number; cancelled: boolean }[] = [];
  const seen: number[] = [];
  const connections: Connection[] = [];
  const client = new LiveClient({
    open: (after) => {
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
    wait: (callback, milliseconds) => {
      const wait = { callback, milliseconds, cancelled: false };
      waits.push(wait);
      return () => {
        wait.cancelled = true;
      };
    },
    onEvent: (event) => seen.push(event.seq),
    onConnection: (connection) => connections.push(connection),
    random: () => 1,
  });
  const socket = () => sockets[sockets.length - 1] as (typeof sockets)[number];
  const send = (event: RunEvent) => socket().onmessage?.({ data: JSON.stringify(event) });
  const passTime = () => waits[waits.length - 1]?.callback();
  return { client, sockets, waits, seen, connections, socket, send, passTime };
}

test("the first connection asks for everything and hands events on in order", () => {
  const { client, socket, send, seen } = setup();
  client.start();
  expect(socket().after).toBe(0);
  socket().onopen?.();
  send(status(1, "running"));
  send(metrics(2));
  expect(seen).toEqual([1, 2]);
  expect(client.connection).toBe("live");
});

test("a lost connection is taken up again after the last event seen", () => {
  const { client, socket, send, seen, passTime } = setup();
  client.start();
  send(metrics(1));
  send(metrics(2));
  socket().onclose?.();
  expect(client.connection).toBe("lost");
  passTime();
  expect(socket().after).toBe(2);
  send(metrics(3));
  expect(seen).toEqual([1, 2, 3]);
});

test("events that were seen before are ignored", () => {
  const { client, send, seen } = setup();
  client.start();
  for (const seq of [1, 2, 1, 2, 3]) send(metrics(seq));
  expect(seen).toEqual([1, 2, 3]);
});

test("a gap is not handed on but asked for again from the last good event", () => {
  const { client, sockets, socket, send, seen, passTime } = setup();
  client.start();
  send(metrics(1));
  send(metrics(3));
  expect(seen).toEqual([1]);
  expect(sockets[0]?.closed).toBe(true);
  passTime();
  expect(socket().after).toBe(1);
  send(metrics(2));
  send(metrics(3));
  expect(seen).toEqual([1, 2, 3]);
});

test("an unreadable message is treated as a gap", () => {
  const { client, socket, send, passTime } = setup();
  client.start();
  send(metrics(1));
  socket().onmessage?.({ data: '{"seq": 2, "kind":' });
  expect(client.connection).toBe("lost");
  passTime();
  expect(socket().after).toBe(1);
});

test("each failed attempt waits longer, up to ten seconds, until an event arrives", () => {
  const { client, socket, send, waits, passTime } = setup();
  client.start();
  for (let i = 0; i < 8; i += 1) {
    socket().onclose?.();
    passTime();
  }
  expect(waits.map((wait) => wait.milliseconds)).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
  send(metrics(1));
  socket().onclose?.();
  expect(waits[waits.length - 1]?.milliseconds).toBe(250);
});

test("a terminal event ends it: the server closes, and nothing is opened again", () => {
  const { client, sockets, socket, send, waits, connections } = setup();
  client.start();
  send(metrics(1));
  send(status(2, "completed"));
  expect(client.connection).toBe("finished");
  socket().onclose?.();
  client.start();
  client.retryNow();
  expect(sockets).toHaveLength(1);
  expect(waits).toHaveLength(0);
  expect(connections[connections.length - 1]).toBe("finished");
});

test("the log of a run that was taken up again is read past its first end", () => {
  const { client, socket, send, seen } = setup();
  client.start();
  send(status(1, "completed"));
  send(status(2, "running"));
  expect(client.connection).toBe("live");
  send(metrics(3));
  send(status(4, "completed"));
  socket().onclose?.();
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(client.connection).toBe("finished");
});

test("a finished run that is taken up again is listened to from its last event", () => {
  const { client, sockets, socket, send } = setup();
  client.start();
  client.again();
  expect(sockets).toHaveLength(1);
  send(status(1, "completed"));
  socket().onclose?.();
  client.again();
  expect(socket().after).toBe(1);
  send(status(2, "running"));
  expect(client.connection).toBe("live");
});

test("stopping cancels the waiting attempt, starting again goes on from the last event", () => {
  const { client, socket, send, waits } = setup();
  client.start();
  send(metrics(1));
  socket().onclose?.();
  client.stop();
  expect(waits[0]?.cancelled).toBe(true);
  client.start();
  expect(socket().after).toBe(1);
});

test("being online again does not wait for the next attempt", () => {
  const { client, sockets, socket, waits } = setup();
  client.start();
  socket().onclose?.();
  client.retryNow();
  expect(sockets).toHaveLength(2);
  expect(waits[0]?.cancelled).toBe(true);
});
