/**
 * Follows one run's event log without a gap and without a double, whatever the network does.
 *
 * Pure: the socket and the clock are handed in. The log numbers its events 1, 2, 3 …, so all that
 * has to be remembered is the last number seen; every connection asks for what comes after it.
 */
import { isTerminal, parseEvent, type RunEvent } from "./events";

/**
 * `lost`: no connection, and a new attempt is waiting. `finished`: the run has said its last, unless
 * it is taken up again; the log of one that was goes on after a terminal status.
 */
export type Connection = "idle" | "connecting" | "live" | "lost" | "finished";

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface ClientOptions {
  open(after: number): Socket;
  /** Calls back after `milliseconds`; the answer cancels it. */
  wait(callback: () => void, milliseconds: number): () => void;
  onEvent(event: RunEvent): void;
  onConnection(connection: Connection): void;
  /** Between 0 and 1; spreads the attempts of many browsers after a server's restart. */
  random?(): number;
}

const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;

export class LiveClient {
  connection: Connection = "idle";
  lastSeq = 0;
  private socket: Socket | null = null;
  private cancelWait: (() => void) | null = null;
  private attempts = 0;

  constructor(private readonly options: ClientOptions) {}

  /** Connect, unless connected or finished already. */
  start(): void {
    if (this.connection === "idle") this.connect();
  }

  /** Let go of the connection; `start` goes on from the last event. */
  stop(): void {
    this.release();
    if (this.connection !== "finished") this.change("idle");
  }

  /** Do not wait any longer: try now, for instance because the machine is online again. */
  retryNow(): void {
    if (this.connection !== "lost") return;
    this.attempts = 0;
    this.connect();
  }

  /** Listen again: the run was taken up again. */
  again(): void {
    if (this.connection === "finished") this.connect();
  }

  private connect(): void {
    this.release();
    this.change("connecting");
    const socket = this.options.open(this.lastSeq);
    this.socket = socket;
    socket.onopen = () => this.change("live");
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = () => {
      // After the last event it is the server that closes.
      if (this.connection === "finished") this.release();
      else this.retryLater();
    };
  }

  private receive(data: unknown): void {
    const event = parseEvent(data);
    // An unreadable message may have been the next event: ask again for what follows the last good.
    if (event === null || event.seq > this.lastSeq + 1) {
      this.retryLater();
      return;
    }
    if (event.seq <= this.lastSeq) return;
    this.lastSeq = event.seq;
    this.attempts = 0;
    this.options.onEvent(event);
    if (event.kind === "status") this.change(isTerminal(event.state) ? "finished" : "live");
  }

  private retryLater(): void {
    this.release();
    const spread = 0.5 + (this.options.random ?? Math.random)() / 2;
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.attempts) * spread;
    this.attempts += 1;
    this.change("lost");
    this.cancelWait = this.options.wait(() => this.connect(), delay);
  }

  private release(): void {
    this.cancelWait?.();
    this.cancelWait = null;
    if (this.socket === null) return;
    const socket = this.socket;
    this.socket = null;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private change(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    this.options.onConnection(connection);
  }
}
