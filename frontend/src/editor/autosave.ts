/** Saves the work a moment after each change, over the revision that it knows. */
// Nothing is lost: what is not saved yet is kept in the browser's storage, an unreachable server is
// asked again, and a version saved elsewhere in the meantime (412) is offered beside this one.
import { ApiError, type Network, type NetworkWrite } from "../api";

export type SaveState =
  | { readonly status: "saved"; readonly revision: number }
  | { readonly status: "unsaved"; readonly revision: number }
  | { readonly status: "saving"; readonly revision: number }
  | {
      readonly status: "failed";
      readonly revision: number;
      readonly message: string;
      /** True when the server will be asked again without being told. */
      readonly retrying: boolean;
    }
  | { readonly status: "conflict"; readonly revision: number; readonly theirs: Network };

export interface AutosaveServer {
  save(body: NetworkWrite, revision: number): Promise<Network>;
  read(): Promise<Network>;
}

/** What a browser keeps until the server has it. */
export interface Kept {
  readonly revision: number;
  readonly body: NetworkWrite;
}

export interface AutosaveOptions {
  key: string;
  revision: number;
  /** What the server has. */
  saved: NetworkWrite;
  server: AutosaveServer;
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  delay?: number;
  onSaved?: (network: Network) => void;
}

const FIRST_RETRY = 2_000;
const LAST_RETRY = 30_000;

export function readKept(storage: Pick<Storage, "getItem">, key: string): Kept | null {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? "null") as Kept | null;
    const whole = Number.isInteger(kept?.revision) && kept?.body?.architecture?.format;
    return whole ? kept : null;
  } catch {
    return null;
  }
}

export class Autosave {
  private state: SaveState;
  private readonly listeners = new Set<() => void>();
  private readonly delay: number;
  private saved: string;
  private wanted: { body: NetworkWrite; text: string };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private inFlight: Promise<boolean> | null = null;
  private retryAfter = FIRST_RETRY;
  private closed = false;

  constructor(private readonly options: AutosaveOptions) {
    this.delay = options.delay ?? 800;
    this.saved = JSON.stringify(options.saved);
    this.wanted = { body: options.saved, text: this.saved };
    this.state = { status: "saved", revision: options.revision };
  }

  read = (): SaveState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private become(state: SaveState) {
    this.state = state;
    for (const listener of this.listeners) listener();
  }

  private get revision(): number {
    return this.state.revision;
  }

  private get dirty(): boolean {
    return this.wanted.text !== this.saved;
  }

  /** Tell that the work is now this. */
  changed(body: NetworkWrite) {
    const text = JSON.stringify(body);
    if (text === this.wanted.text) return;
    this.wanted = { body, text };
    this.keep();
    if (this.state.status === "conflict" || this.inFlight) return;
    clearTimeout(this.timer);
    if (!this.dirty) {
      this.become({ status: "saved", revision: this.revision });
      return;
    }
    // While the server is away the message stays: the next try is on its way.
    if (this.state.status !== "failed") {
      this.become({ status: "unsaved", revision: this.revision });
    }
    this.timer = setTimeout(() => void this.save(), this.delay);
  }

  private keep() {
    const { storage, key } = this.options;
    try {
      if (this.dirty) {
        const kept: Kept = { revision: this.revision, body: this.wanted.body };
        storage?.setItem(key, JSON.stringify(kept));
      } else {
        storage?.removeItem(key);
      }
    } catch {
      // The storage is full or forbidden: the server still gets the work.
    }
  }

  /** Save now, without waiting; true when the server has everything. */
  async flush(note?: string): Promise<boolean> {
    if (this.inFlight) await this.inFlight;
    if (this.state.status === "conflict") return false;
    if (!this.dirty && note === undefined) return true;
    clearTimeout(this.timer);
    return this.save(note);
  }

  private save(note?: string): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    this.inFlight ??= this.send(note).finally(() => {
      this.inFlight = null;
      if (this.dirty && this.state.status === "saved" && !this.closed) {
        this.become({ status: "unsaved", revision: this.revision });
        this.timer = setTimeout(() => void this.save(), this.delay);
      }
    });
    return this.inFlight;
  }

  private async send(note?: string): Promise<boolean> {
    const { body, text } = this.wanted;
    const { server } = this.options;
    this.become({ status: "saving", revision: this.revision });
    try {
      const network = await server.save(
        note === undefined ? body : { ...body, note },
        this.revision,
      );
      this.saved = text;
      this.retryAfter = FIRST_RETRY;
      this.become({ status: "saved", revision: network.revision });
      this.keep();
      this.options.onSaved?.(network);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) return this.collide();
      this.fail(error);
      return false;
    }
  }

  private async collide(): Promise<boolean> {
    try {
      this.offer(await this.options.server.read());
    } catch (error) {
      this.fail(error);
    }
    return false;
  }

  /** Offer another version beside this one; nothing is saved until one is chosen. */
  offer(theirs: Network) {
    clearTimeout(this.timer);
    this.become({ status: "conflict", revision: this.revision, theirs });
  }

  private fail(error: unknown) {
    const message = error instanceof Error ? error.message : String(error);
    // What the server refuses as wrong it will refuse again; everything else may pass.
    const retrying = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
    this.become({ status: "failed", revision: this.revision, message, retrying });
    if (!retrying || this.closed) return;
    this.timer = setTimeout(() => void this.save(), this.retryAfter);
    this.retryAfter = Math.min(LAST_RETRY, this.retryAfter * 2);
  }

  /** Save this version over the other one, which stays among the revisions. */
  async keepMine(): Promise<boolean> {
    if (this.state.status !== "conflict") return false;
    this.become({ status: "unsaved", revision: this.state.theirs.revision });
    this.keep();
    return this.save();
  }

  /** Go on from the other version; the caller puts it into the editor. */
  takeTheirs(body: NetworkWrite): void {
    if (this.state.status !== "conflict") return;
    const { revision } = this.state.theirs;
    this.saved = JSON.stringify(body);
    this.wanted = { body, text: this.saved };
    this.become({ status: "saved", revision });
    this.keep();
  }

  /** Stop for good. What is not saved stays in the browser's storage. */
  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.listeners.clear();
  }
}
