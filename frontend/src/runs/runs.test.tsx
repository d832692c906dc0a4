/** The page of runs. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Catalog } from "../api";
import { expectAccessible, show } from "../testing/page";
import { run, serve } from "../testing/server";
import Runs from ".";
import { best } from "./values";

const three = [
  run({ id: "a", number: 3, network_name: "Zebra", state: "running", ended_at: null }),
  run({ id: "b", number: 2, network_name: "Apple", best: { val_accuracy: 0.97 } }),
  run({ id: "c", number: 1, network_name: "Mango", state: "failed", best: {}, values: {} }),
];
const numbers = () =>
  screen.getAllByRole("rowheader").map((cell) => within(cell).getByRole("link").textContent);

it("says what to do when there are no runs", async () => {
  serve({});
  show(<Runs />);
  expect(await screen.findByText("No runs yet")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Train a first network" })).toBeTruthy();
});

it("shows state, settings and best metric of each run, newest first", async () => {
  serve({ "GET /api/runs": { items: three, next_cursor: null } });
  const { container } = show(<Runs />);
  await screen.findByText("Run 2");
  expect(numbers()).toEqual(["Run 3", "Run 2", "Run 1"]);
  expect(screen.getByText("97.0%")).toBeTruthy();
  expect(screen.getAllByText("Adam · learning rate 0.001 · batch 32")).toHaveLength(3);
  await expectAccessible(container);
});

it("sorts by a column and back", async () => {
  serve({ "GET /api/runs": { items: three, next_cursor: null } });
  const { user } = show(<Runs />);
  await user.click(await screen.findByRole("button", { name: "Network" }));
  expect(numbers()).toEqual(["Run 2", "Run 1", "Run 3"]);
  await user.click(screen.getByRole("button", { name: "Network" }));
  expect(numbers()).toEqual(["Run 3", "Run 1", "Run 2"]);
});

it("puts runs without a value last, whichever way they are sorted", async () => {
  serve({ "GET /api/runs": { items: three, next_cursor: null } });
  const { user } = show(<Runs />);
  await user.click(await screen.findByRole("button", { name: "Best" }));
  expect(numbers().at(-1)).toBe("Run 1");
  await user.click(screen.getByRole("button", { name: "Best" }));
  expect(numbers().at(-1)).toBe("Run 1");
});

it("filters by text and by state", async () => {
  serve({ "GET /api/runs": { items: three, next_cursor: null } });
  const { user } = show(<Runs />);
  await user.type(await screen.findByRole("searchbox", { name: "Find a run" }), "apple");
  expect(numbers()).toEqual(["Run 2"]);
  await user.clear(screen.getByRole("searchbox", { name: "Find a run" }));
  await user.click(screen.getByRole("radio", { name: /In trouble/ }));
  expect(numbers()).toEqual(["Run 1"]);
});

it("finds runs older than the newest, and shows them when asked for", async () => {
  const page = (items: unknown[], next_cursor: string | null) => ({ items, next_cursor });
  const calls = serve({
    "GET /api/runs": ({ query }: { query: URLSearchParams }) => {
      if (query.get("search") === "kiwi")
        return page([run({ id: "k", number: 1, network_name: "Kiwi" })], null);
      if (query.get("cursor") === "c1") return page([run({ id: "d", number: 2 })], "c2");
      if (query.get("cursor") === "c2")
        return page([run({ id: "k", number: 1, network_name: "Kiwi" })], null);
      return page([run({ id: "e", number: 3 })], "c1");
    },
  });
  const { user } = show(<Runs />);
  await user.click(await screen.findByRole("button", { name: "Show older runs" }));
  await screen.findByText("Run 2");
  await user.click(screen.getByRole("button", { name: "Show older runs" }));
  await screen.findByText("Run 1");
  expect(numbers()).toEqual(["Run 3", "Run 2", "Run 1"]);
  expect(screen.queryByRole("button", { name: "Show older runs" })).toBeNull();
  await user.type(screen.getByRole("searchbox", { name: "Find a run" }), "kiwi");
  await waitFor(() => expect(numbers()).toEqual(["Run 1"]));
  expect(calls.some(({ query }) => query.get("search") === "kiwi")).toBe(true);
});

it("opens a run when its row is clicked", async () => {
  serve({ "GET /api/runs": { items: three, next_cursor: null } });
  const { user, history } = show(<Runs />);
  const [settings] = await screen.findAllByText("Adam · learning rate 0.001 · batch 32");
  await user.click(settings as HTMLElement);
  expect(history.at(-1)).toBe("/runs/a");
});

it("shows the metric on validation data before the loss, and the loss where there is no other", () => {
  expect(best(run())).toMatchObject({ name: "validation accuracy", text: "90.0%" });
  expect(best(run({ best: { loss: 2, val_loss: 3 } }))).toMatchObject({ name: "validation loss" });
  const mae = { type: "mae", title: "Mean absolute error (MAE)" } as Catalog["metrics"][number];
  expect(best(run({ best: { val_mae: 2 } }), [mae])).toMatchObject({
    name: "validation mean absolute error",
  });
  expect(best(run({ best: { loss: 2 } }))).toMatchObject({ name: "training loss", text: "2" });
  expect(best(run({ best: { val_kind_loss: 1, val_kind_accuracy: 0.5 } }))).toMatchObject({
    name: "validation kind accuracy",
  });
  expect(best(run({ best: {}, values: { loss: null } }))).toBeNull();
});
