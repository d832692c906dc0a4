/**
 * One live run per page, however many components watch it.
 *
 * Events are folded as they arrive; watchers hear of them once per animation frame.
 */
import { type Connection, LiveClient, type Socket } from "./client";
import { RunHistory } from "./history";

/** What watchers see. A new object for every change; `history` is the same, grown. */
export interface LiveSnapshot {
  readonly history: RunHistory;
  readonly connection: Connection;
  readonly version: number;
}

export interface Surroundings {
  open(runId: string, after: number): Socket;
  wait(callback: () => void, milliseconds: number): () => void;
  /** Calls back before the next painting; the answer cancels it. */
  frame(callback: () => void): () => void;
}

export class LiveRun {
  private readonly history = new RunHistory();
  private readonly client: LiveClient;
  private readonly watchers = new Set<() => void>();
  private current: LiveSnapshot;
  private cancelFrame: (() => void) | null = null;
  private cancelRelease: (() => void) | null = null;

  constructor(
    runId: string,
    private readonly surroundings: Surroundings,
    private readonly keepFor = 5_000,
  ) {
    this.current = { history: this.history, connection: "idle", version: 0 };
    this.client = new LiveClient({
      open: (after) => surroundings.open(runId, after),
      wait: surroundings.wait,
      onEvent: (event) => {
        this.history.fold(event);
        this.schedule();
      },
      onConnection: () => this.schedule(),
    });
  }

  /** Watch from now on; the connection is let go a moment after the last watcher has left. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.cancelRelease?.();
    this.cancelRelease = null;
    this.watchers.add(watcher);
    this.client.start();
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size > 0) return;
      this.cancelRelease = this.surroundings.wait(() => this.client.stop(), this.keepFor);
    };
  };

  readonly snapshot = (): LiveSnapshot => this.current;

  /** The machine is online or in view again: do not wait for the next attempt. */
  wake(): void {
    if (this.watchers.size > 0) this.client.retryNow();
  }

  /** The run was taken up again after its end. */
  again(): void {
    this.client.again();
  }

  get watched(): boolean {
    return this.watchers.size > 0;
  }

  private schedule(): void {
    if (this.cancelFrame !== null) return;
    this.cancelFrame = this.surroundings.frame(() => {
      this.cancelFrame = null;
      this.current = {
        history: this.history,
        connection: this.client.connection,
        version: this.current.version + 1,
      };
      for (const watcher of this.watchers) watcher();
    });
  }
}

/** The runs of this page by id; those that nobody watches are forgotten, the oldest first. */
export class LiveRuns {
  private readonly runs = new Map<string, LiveRun>();

  constructor(
    private readonly surroundings: Surroundings,
    private readonly keep = 8,
  ) {}

  get(runId: string): LiveRun {
    let run = this.runs.get(runId);
    if (run === undefined) {
      run = new LiveRun(runId, this.surroundings);
      this.runs.set(runId, run);
      this.forget();
    }
    return run;
  }

  /** Connect to a run that will be watched in a moment: it speaks while the page is being drawn. */
  expect(runId: string): void {
    const leave = this.get(runId).subscribe(() => {});
    leave();
  }

  wake(): void {
    for (const run of this.runs.values()) run.wake();
  }

  private forget(): void {
    for (const [id, run] of [...this.runs].slice(0, -1)) {
      if (this.runs.size <= this.keep) return;
      if (!run.watched) this.runs.delete(id);
    }
  }
}
