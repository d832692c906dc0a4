/** Images with any number of labels each. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Description } from "../api";
import { expectAccessible, show } from "../testing/page";
import { dataset, serve } from "../testing/server";
import DatasetPage from "./DatasetPage";

const description: Description = {
  kind: "images",
  rows: 6,
  bytes: 1_000,
  classes: [
    { name: "bird", count: 4 },
    { name: "cat", count: 2 },
  ],
  labels_per_image: [1, 4, 1],
  image: { channels: 1, height: 6, width: 6 },
  problem: {
    task: "multilabel",
    target: "label",
    classes: ["bird", "cat"],
    reason: "An image has 1.0 of 2 labels on average",
  },
};
const rows = {
  offset: 0,
  total: 6,
  columns: ["image", "label"],
  rows: [
    [0, "bird, cat"],
    [1, null],
  ],
};

it("tells the labels of images, and shows those with the label that is chosen", async () => {
  const calls = serve({
    "GET /api/datasets/d1": dataset({ kind: "images", description }),
    "GET /api/datasets/d1/rows": rows,
  });
  const { container, user } = show(<DatasetPage />, "/datasets/d1", "/datasets/:id");
  expect(await screen.findByText(/2 labels, any number for each image/)).toBeTruthy();
  expect(screen.getByText("Labels per image", { selector: "dt" }).parentElement?.textContent).toBe(
    "Labels per image1",
  );
  const bars = screen.getByRole("list", { name: "Images by their number of labels" });
  expect([...bars.children].map((bar) => bar.textContent)).toEqual(["1none", "41", "12"]);
  const wall = (await screen.findByText("bird, cat")).closest("ul") as HTMLElement;
  expect(within(wall).getByText("no label")).toBeTruthy();
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: /^cat/ }));
  expect(await screen.findByText("Images with cat")).toBeTruthy();
  const asked = calls.filter(({ path }) => path.endsWith("/rows")).at(-1);
  expect(asked?.query.get("label")).toBe("cat");
});

it("shows what stands between labels, and reads the file again with what is said instead", async () => {
  const origin = {
    kind: "table" as const,
    entry: "labels.csv",
    image: "file",
    spelling: "name" as const,
    columns: ["labels"],
    separator: ";",
  };
  const calls = serve({
    "GET /api/datasets/d1": dataset({
      kind: "images",
      description: { ...description, origin },
      original: { filename: "images.zip", bytes: 1_000 },
    }),
    "GET /api/datasets/d1/rows": rows,
    "POST /api/datasets/d1/versions": dataset({ version: 2 }),
  });
  const { user } = show(<DatasetPage />, "/datasets/d1", "/datasets/:id");
  const found = await screen.findByText("Between labels", { selector: "dt" });
  expect(found.parentElement?.textContent).toBe("Between labelsa semicolon");
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Read again …" }));
  await user.click(await screen.findByRole("combobox", { name: /Between labels/ }));
  await user.click(await screen.findByRole("option", { name: /Nothing/ }));
  await user.click(screen.getByRole("button", { name: "Read again" }));
  await waitFor(() => {
    const sent = calls.find(({ method }) => method === "POST");
    expect(sent?.body).toEqual({ options: { label_separator: "none" } });
  });
});
