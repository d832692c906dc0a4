import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, type Network, type NetworkWrite } from "../api";
import { Autosave, readKept } from "./autosave";

const body = (name: string): NetworkWrite => ({
  architecture: { format: "neuroloom/1", name, nodes: [], edges: [], layout: {} },
});

/** A server that keeps one network and answers as the contract says. */
class Shelf {
  revision = 1;
  saved = body("first");
  notes: (string | null | undefined)[] = [];
  away = false;
  refusal: ApiError | null = null;
  writes = 0;

  network(): Network {
    const { architecture } = this.saved;
    return {
      id: "n",
      name: architecture.name ?? "",
      revision: this.revision,
      nodes: 0,
      dataset_id: null,
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
      architecture,
      recipe: null,
    };
  }

  save = async (sent: NetworkWrite, revision: number): Promise<Network> => {
    this.writes += 1;
    if (this.away) throw new ApiError(0, { code: "unreachable", message: "No answer." });
    if (this.refusal) throw this.refusal;
    if (revision !== this.revision) throw new ApiError(412, { code: "stale", message: "Stale." });
    this.revision += 1;
    this.notes.push(sent.note);
    this.saved = { architecture: sent.architecture };
    return this.network();
  };

  read = async (): Promise<Network> => this.network();

  get name() {
    return this.saved.architecture.name;
  }
}

class Memory {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

let shelf: Shelf;
let memory: Memory;
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers();
  shelf = new Shelf();
  memory = new Memory();
  autosave = new Autosave({
    key: "draft",
    revision: 1,
    saved: body("first"),
    server: shelf,
    storage: memory,
  });
});

afterEach(() => {
  autosave.close();
  vi.useRealTimers();
});

describe("saving", () => {
  test("changes that follow each other are saved once, with the last state", async () => {
    autosave.changed(body("second"));
    await vi.advanceTimersByTimeAsync(100);
    autosave.changed(body("third"));
    expect(autosave.read().status).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(1000);
    expect([shelf.writes, shelf.name]).toEqual([1, "third"]);
    expect(autosave.read()).toEqual({ status: "saved", revision: 2 });
  });

  test("a change while saving is saved after it, over the new revision", async () => {
    autosave.changed(body("second"));
    const saving = autosave.flush();
    autosave.changed(body("third"));
    await saving;
    await vi.advanceTimersByTimeAsync(1000);
    expect([shelf.name, shelf.revision]).toEqual(["third", 3]);
  });

  test("going back to what is saved saves nothing", async () => {
    autosave.changed(body("second"));
    autosave.changed(body("first"));
    await vi.advanceTimersByTimeAsync(5000);
    expect(shelf.writes).toBe(0);
    expect(autosave.read().status).toBe("saved");
  });

  test("flush saves at once and tells when the server has everything", async () => {
    autosave.changed(body("second"));
    expect(await autosave.flush()).toBe(true);
    expect(shelf.name).toBe("second");
    expect(await autosave.flush()).toBe(true);
    expect(shelf.writes).toBe(1);
  });

  test("a named revision is saved even when nothing changed", async () => {
    expect(await autosave.flush("Before the exam")).toBe(true);
    expect(shelf.notes).toEqual(["Before the exam"]);
  });
});

describe("an unreachable server", () => {
  test("is asked again until it answers, and the browser keeps the work meanwhile", async () => {
    shelf.away = true;
    autosave.changed(body("second"));
    expect(await autosave.flush()).toBe(false);
    expect(autosave.read()).toMatchObject({
      status: "failed",
      message: "No answer.",
      retrying: true,
    });
    expect(readKept(memory, "draft")).toEqual({ revision: 1, body: body("second") });

    shelf.away = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shelf.name).toBe("second");
    expect(autosave.read().status).toBe("saved");
    expect(readKept(memory, "draft")).toBeNull();
  });

  test("a draft that the server refuses is not sent again unchanged", async () => {
    shelf.refusal = new ApiError(422, { code: "wrong", message: "Expected a name." });
    autosave.changed(body("second"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shelf.writes).toBe(1);
    expect(autosave.read()).toMatchObject({ status: "failed", message: "Expected a name." });
    shelf.refusal = null;
    autosave.changed(body("third"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(shelf.name).toBe("third");
  });
});

describe("a version saved elsewhere", () => {
  beforeEach(async () => {
    await shelf.save(body("theirs"), 1);
    autosave.changed(body("mine"));
    await autosave.flush();
  });

  test("is offered, and nothing is saved until one is chosen", async () => {
    expect(autosave.read()).toMatchObject({ status: "conflict", theirs: { name: "theirs" } });
    autosave.changed(body("mine, further"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shelf.name).toBe("theirs");
    expect(readKept(memory, "draft")?.body).toEqual(body("mine, further"));
  });

  test("keeping mine saves it over theirs as a new revision", async () => {
    expect(await autosave.keepMine()).toBe(true);
    expect([shelf.name, shelf.revision]).toEqual(["mine", 3]);
    expect(autosave.read()).toEqual({ status: "saved", revision: 3 });
  });

  test("taking theirs saves nothing, and later changes are saved over it", async () => {
    autosave.takeTheirs(body("theirs"));
    expect(autosave.read()).toEqual({ status: "saved", revision: 2 });
    autosave.changed(body("theirs, further"));
    await vi.advanceTimersByTimeAsync(1000);
    expect([shelf.name, shelf.revision]).toEqual(["theirs, further", 3]);
  });
});

test("what was kept in an unreadable form is ignored", () => {
  memory.setItem("draft", "{");
  expect(readKept(memory, "draft")).toBeNull();
  memory.setItem("draft", '{"revision": 1}');
  expect(readKept(memory, "draft")).toBeNull();
});
