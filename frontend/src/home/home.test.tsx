/** The first page. */
import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { expectAccessible, show } from "../testing/page";
import {
  dataset,
  datasetSummary,
  network,
  networkSummary,
  refusal,
  run,
  samples,
  serve,
} from "../testing/server";
import Home from ".";

const proposal = {
  task: "regression",
  architecture: { format: "neuroloom/1", name: "", nodes: [{ id: "a", type: "A" }], edges: [] },
  recipe: {},
  reasons: [],
};

it("offers three problems on the first visit", async () => {
  serve({ "GET /api/samples": { items: samples, next_cursor: null } });
  const { container } = show(<Home />);
  await screen.findByRole("button", { name: /Predict a number/ });
  expect(screen.getByRole("button", { name: /Sort into classes/ }).textContent).toContain(
    "Flowers",
  );
  expect(screen.getByRole("button", { name: /Recognise images/ }).textContent).toContain("Scans");
  expect(document.title).toBe("Train your first network · Neuroloom");
  await expectAccessible(container);
});

it("goes from a problem to an editor with data and network in place, in one click", async () => {
  const calls = serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "POST /api/datasets": dataset({ id: "d9" }),
    "POST /api/proposals": proposal,
    "POST /api/networks": network({ id: "n9" }),
  });
  const { user, history } = show(<Home />);
  await user.click(await screen.findByRole("button", { name: /Predict a number/ }));
  await waitFor(() => expect(history.at(-1)).toBe("/networks/n9"));
  const made = calls.filter((call) => call.method === "POST");
  expect(made.map((call) => call.body)).toEqual([
    { sample: "prices" },
    { dataset_id: "d9" },
    { architecture: { ...proposal.architecture, name: "Prices" }, dataset_id: "d9" },
  ]);
  expect(made[0]?.headers.get("content-type")).toBe("application/json");
});

it("uses the sample's dataset that is there already", async () => {
  const calls = serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "GET /api/datasets": { items: [datasetSummary({ id: "d5" })], next_cursor: null },
    "POST /api/proposals": proposal,
    "POST /api/networks": network({ id: "n9" }),
  });
  const { user, history } = show(<Home />);
  await user.click(await screen.findByRole("button", { name: /Sort into classes/ }));
  await waitFor(() => expect(history.at(-1)).toBe("/networks/n9"));
  expect(calls.some((call) => call.path === "/api/datasets" && call.method === "POST")).toBe(false);
  expect(calls.find((call) => call.path === "/api/proposals")?.body).toEqual({ dataset_id: "d5" });
});

it("says in the server's words why a network could not be made", async () => {
  serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "POST /api/networks": refusal(507, "The disk is full. Delete what you no longer need."),
  });
  const { user } = show(<Home />);
  await user.click(await screen.findByRole("button", { name: "Start from an empty canvas" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.");
});

it("continues on later visits: networks, active runs, datasets", async () => {
  serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "GET /api/networks": { items: [networkSummary()], next_cursor: null },
    "GET /api/networks/n1": network(),
    "GET /api/runs": {
      items: [run({ state: "running", epoch: 4, ended_at: null })],
      next_cursor: null,
    },
    "GET /api/datasets": { items: [datasetSummary()], next_cursor: null },
  });
  const { container } = show(<Home />);
  expect(await screen.findByRole("heading", { name: "Continue where you were" })).toBeTruthy();
  expect(await screen.findByRole("heading", { name: "Training now" })).toBeTruthy();
  const bar = screen.getByRole("progressbar", { name: "Progress of run 1" });
  expect(bar.getAttribute("aria-valuenow")).toBe("40");
  expect(await screen.findByRole("img", { name: /network with 1 layer/ })).toBeTruthy();
  await expectAccessible(container);
});
