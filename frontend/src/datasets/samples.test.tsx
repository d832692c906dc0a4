import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Sample } from "../api";
import { serve } from "../testing/server";
import { Samples } from "./Samples";

const SAMPLES: Sample[] = [
  {
    slug: "iris",
    title: "Iris flowers",
    summary: "Three species.",
    kind: "table",
    rows: 150,
    task: "classification",
    source: "Fisher",
    terms: "CC BY 4.0",
    category: "Measurements",
    noise: null,
  },
  {
    slug: "xor",
    title: "Exclusive or",
    summary: "Opposite quarters.",
    kind: "table",
    rows: 500,
    task: "classification",
    source: "Made",
    terms: "CC0 1.0",
    category: "Points on a plane",
    noise: 0.05,
  },
];
const MADE = { id: "d1", name: "Exclusive or", kind: "table", rows: 80, state: "ready" };

afterEach(() => {
  vi.unstubAllGlobals();
});

test("samples stand by what they hold; points are made as many and as noisy as one likes", async () => {
  const user = userEvent.setup();
  const calls = serve({
    "GET /api/samples": { items: SAMPLES, next_cursor: null },
    "POST /api/datasets": MADE,
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Samples datasets={[]} />
    </QueryClientProvider>,
  );
  const measured = await screen.findByRole("region", { name: "Measurements" });
  expect(within(measured).getByRole("button", { name: "Add Iris flowers" })).toBeTruthy();
  expect(within(measured).queryByRole("spinbutton")).toBeNull();
  const points = screen.getByRole("region", { name: "Points on a plane" });
  const rows = within(points).getByRole("spinbutton", { name: "Points" });
  expect(rows).toHaveProperty("value", "500");
  await user.clear(rows);
  await user.type(rows, "80");
  const noise = within(points).getByRole("spinbutton", { name: "Noise" });
  expect(noise).toHaveProperty("value", "5");
  await user.clear(noise);
  await user.type(noise, "25");
  await user.click(within(points).getByRole("button", { name: "Make Exclusive or" }));
  const sent = calls.find(({ method, path }) => method === "POST" && path === "/api/datasets");
  expect(sent?.body).toEqual({ sample: "xor", rows: 80, noise: 0.25 });
});
