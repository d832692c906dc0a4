/** The first page. */
import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { GallerySummary } from "../api";
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

const entry = (slug: string, changes: Partial<GallerySummary> = {}): GallerySummary => ({
  slug,
  category: "First networks",
  title: slug,
  summary: `What ${slug} is.`,
  about: `What ${slug} is good for.`,
  source: "Rosenblatt, F. (1958)",
  sample: null,
  parameters: 3,
  outline: { nodes: [{ id: "a", type: "T" }], edges: [], layout: { a: [0, 0] } },
  ...changes,
});
const gallery = [
  entry("Perceptron", { sample: "flowers" }),
  entry("ADALINE"),
  entry("LeNet", { category: "Images", source: "LeCun, Y. (1998)" }),
];

it("shows one category of the gallery at a time, and draws it without asking again", async () => {
  const calls = serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "GET /api/gallery": { items: gallery, next_cursor: null },
  });
  const { user, container } = show(<Home />);
  expect(await screen.findByRole("button", { name: /ADALINE/ })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /LeNet/ })).toBeNull();
  await user.click(screen.getByRole("radio", { name: "Images" }));
  expect(screen.queryByRole("button", { name: /ADALINE/ })).toBeNull();
  expect(screen.getByRole("button", { name: /LeNet/ })).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "All" }));
  expect(screen.getByRole("heading", { name: "Images" })).toBeTruthy();
  expect(screen.getAllByRole("img", { name: /network with 1 layer/ })).toHaveLength(3);
  expect(calls.filter((call) => call.path.startsWith("/api/gallery"))).toHaveLength(1);
  await expectAccessible(container);
});

it("searches all of the gallery, by author too", async () => {
  serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "GET /api/gallery": { items: gallery, next_cursor: null },
  });
  const { user } = show(<Home />);
  const search = await screen.findByRole("searchbox", { name: "Search the gallery" });
  await user.type(search, "lecun");
  expect(await screen.findByRole("button", { name: /LeNet/ })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /ADALINE/ })).toBeNull();
  await user.clear(search);
  await user.type(search, "nobody");
  expect((await screen.findByRole("status")).textContent).toContain("“nobody”");
});

it("tells of a ready-made network and opens it with the data that it fits", async () => {
  const calls = serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "GET /api/gallery": { items: gallery, next_cursor: null },
    "GET /api/gallery/Perceptron": { ...gallery[0], architecture: proposal.architecture },
    "GET /api/datasets": { items: [datasetSummary({ id: "d5" })], next_cursor: null },
    "POST /api/networks": network({ id: "n9" }),
  });
  const { user, history } = show(<Home />);
  await user.click(await screen.findByRole("button", { name: /Perceptron/ }));
  const dialog = await screen.findByRole("dialog", { name: "Perceptron" });
  expect(dialog.textContent).toContain("What Perceptron is good for.");
  expect(dialog.textContent).toContain("Rosenblatt");
  await expectAccessible(dialog);
  await user.click(screen.getByRole("button", { name: "Open with Flowers" }));
  await waitFor(() => expect(history.at(-1)).toBe("/networks/n9"));
  const made = calls.find((call) => call.path === "/api/networks" && call.method === "POST");
  expect(made?.body).toEqual({ architecture: proposal.architecture, dataset_id: "d5" });
});

it("opens a ready-made network without data, and says why it could not", async () => {
  serve({
    "GET /api/samples": { items: samples, next_cursor: null },
    "GET /api/gallery": { items: gallery, next_cursor: null },
    "GET /api/gallery/ADALINE": { ...gallery[1], architecture: proposal.architecture },
    "POST /api/networks": refusal(507, "The disk is full. Delete what you no longer need."),
  });
  const { user } = show(<Home />);
  await user.click(await screen.findByRole("button", { name: /ADALINE/ }));
  await user.click(await screen.findByRole("button", { name: "Open a copy" }));
  const dialog = screen.getByRole("dialog", { name: "ADALINE" });
  await waitFor(() => expect(dialog.textContent).toContain("The disk is full."));
});
