/** What surrounds every page. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { useMemo } from "react";
import { expect, it, vi } from "vitest";
import { expectAccessible, show } from "../testing/page";
import { networkSummary, refusal, run, serve } from "../testing/server";
import { Toaster, useCommands, useShortcuts } from "../ui";
import { ErrorBoundary } from "./ErrorBoundary";
import { Shell } from "./Shell";

const open = (page = <h1>A page</h1>) => show(<Shell>{page}</Shell>, "/", "/*?");

it("names its places and what the workers do", async () => {
  serve({});
  const { container } = open();
  expect(screen.getByRole("link", { name: "Home" }).getAttribute("aria-current")).toBe("page");
  expect(screen.getByRole("link", { name: "Runs" }).getAttribute("aria-current")).toBeNull();
  await screen.findByRole("link", { name: /2 runs can at once, on Test CPU/ });
  await expectAccessible(container);
});

it("finds a network by a part of its name in the command palette and opens it", async () => {
  serve({ "GET /api/networks": { items: [networkSummary()], next_cursor: null } });
  const { user, history } = open();
  await user.keyboard("{Control>}k{/Control}");
  await screen.findByRole("option", { name: /First try/ });
  await user.keyboard("first");
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  await user.keyboard("{Enter}");
  expect(history.at(-1)).toBe("/networks/n1");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("offers in the palette and on the shortcut sheet what a page adds", async () => {
  serve({});
  const ran = vi.fn();
  function Feature() {
    useCommands(useMemo(() => [{ id: "tidy", title: "Tidy up", group: "Editor", run: ran }], []));
    useShortcuts(useMemo(() => [{ group: "Editor", keys: ["F2"], title: "Rename" }], []));
    return <h1>A page</h1>;
  }
  const { user } = open(<Feature />);
  await user.keyboard("?");
  expect((await screen.findByRole("dialog")).textContent).toContain("Rename");
  await user.keyboard("{Escape}");
  await user.keyboard("{Control>}k{/Control}");
  await user.click(await screen.findByRole("option", { name: "Tidy up" }));
  expect(ran).toHaveBeenCalledOnce();
});

it("goes to a place by two letters, but not while someone types", async () => {
  serve({});
  const { user, history } = open(<input aria-label="Name" />);
  await user.keyboard("gd");
  expect(history.at(-1)).toBe("/datasets");
  await user.type(screen.getByRole("textbox", { name: "Name" }), "gr?");
  expect(history.at(-1)).toBe("/datasets");
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("says that the server is away and takes it back when it answers", async () => {
  let away = true;
  serve({
    "GET /api/health": () =>
      away
        ? refusal(503, "Busy.")
        : {
            status: "ok",
            version: "0.1.0",
            devices: [],
            workers: { busy: 0, queued: 0, slots: 1 },
          },
  });
  const { user } = open();
  expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer.");
  away = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

it("says when a run ends that is not on screen", async () => {
  let state: "running" | "completed" = "running";
  const calls = serve({
    "GET /api/health": {
      status: "ok",
      version: "0.1.0",
      devices: [],
      workers: { busy: 1, queued: 0, slots: 1 },
    },
    "GET /api/runs": () => ({ items: [run({ state })], next_cursor: null }),
  });
  open(<Toaster />);
  await waitFor(() => expect(calls.some((call) => call.path === "/api/runs")).toBe(true));
  state = "completed";
  expect(await screen.findByText("Run 1 of First try is done")).toBeTruthy();
});

it("says once that the folds of a cross-validation have ended, when the last one has", {
  timeout: 20_000,
}, async () => {
  const states: ("running" | "completed")[] = ["running", "running"];
  const calls = serve({
    "GET /api/health": {
      status: "ok",
      version: "0.1.0",
      devices: [],
      workers: { busy: 1, queued: 0, slots: 1 },
    },
    "GET /api/runs": () => ({
      items: states.map((state, place) =>
        run({
          id: `r${place}`,
          network_name: "Folded",
          state,
          cross_validation: { id: "c1", fold: place + 1, folds: 2 },
        }),
      ),
      next_cursor: null,
    }),
  });
  const asked = () => calls.filter((call) => call.path === "/api/runs").length;
  open(<Toaster />);
  await waitFor(() => expect(asked()).toBeGreaterThan(0));
  states[0] = "completed";
  const before = asked();
  // What the first of two answers told is on screen when the second comes.
  await waitFor(() => expect(asked()).toBeGreaterThan(before + 1), { timeout: 8_000 });
  expect(screen.queryByText(/Folded/)).toBeNull();
  states[1] = "completed";
  expect(
    await screen.findByText("2 folds of Folded have ended", {}, { timeout: 5_000 }),
  ).toBeTruthy();
  expect(screen.getAllByText(/Folded/)).toHaveLength(1);
});

it("draws a page again that failed to draw", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  let broken = true;
  function Page() {
    if (broken) throw new Error("no such layer");
    return <h1>Drawn</h1>;
  }
  show(
    <ErrorBoundary>
      <Page />
    </ErrorBoundary>,
  );
  expect(screen.getByRole("alert").textContent).toContain("no such layer");
  broken = false;
  fireEvent.click(screen.getByRole("button", { name: "Draw it again" }));
  expect(screen.getByRole("heading", { name: "Drawn" })).toBeTruthy();
});
