import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Dataset, Recipe } from "../../api";
import { answer, CATALOG, DATASET, showPanel } from "../testing";
import { TrainingPanel } from "./TrainingPanel";

const PETS: Dataset = {
  ...DATASET,
  kind: "images",
  description: {
    kind: "images",
    rows: 40,
    bytes: 9_000,
    classes: [
      { name: "cat", count: 20 },
      { name: "dog", count: 20 },
    ],
    image: { channels: 3, height: 32, width: 32 },
  },
};
const AUGMENTED = {
  images: [
    { index: 3, png: "AAAA", labels: [{ name: "cat", share: 1 }] },
    {
      index: 30,
      png: "AAAA",
      labels: [
        { name: "dog", share: 0.8 },
        { name: "cat", share: 0.2 },
      ],
    },
  ],
};

afterEach(() => {
  vi.unstubAllGlobals();
});

function training(dataset: Dataset, recipe: Recipe = {}) {
  const fetched = answer({
    health: { status: "ok", version: "1", devices: [], workers: { busy: 0, queued: 0, slots: 1 } },
    "datasets/dataset-1": dataset,
    "datasets/dataset-1/augmented": AUGMENTED,
  });
  const newest = showPanel(recipe, (chosen, onChange) => (
    <TrainingPanel
      datasetId="dataset-1"
      recipe={chosen}
      proposal={undefined}
      catalog={CATALOG}
      onChange={onChange}
    />
  ));
  return { recipe: newest, fetched };
}

/** The seeds of the previews that were asked for. */
async function seeds(fetched: ReturnType<typeof vi.fn>): Promise<number[]> {
  const sent = fetched.mock.calls
    .map(([request]) => request as Request)
    .filter(({ url }) => url.endsWith("/augmented"));
  return Promise.all(sent.map(async (request) => (await request.clone().json()).seed));
}

test("a table has no augmentation", async () => {
  training(DATASET);
  expect(await screen.findByText("Seed")).toBeTruthy();
  expect(screen.queryByLabelText("Augmentation")).toBeNull();
});

test("changes are added, set, put in order and left out", async () => {
  const user = userEvent.setup();
  const { recipe } = training(PETS);
  for (const title of ["Turn", "Mix"]) {
    await user.click(await screen.findByLabelText("Augmentation"));
    await user.click(await screen.findByRole("option", { name: new RegExp(title) }));
  }
  expect(recipe().augmentation).toEqual([{ type: "Turn" }, { type: "Mix" }]);
  await user.click(screen.getByRole("button", { name: "Settings of Turn" }));
  const angle = screen.getByRole("spinbutton", { name: "Angle" });
  await user.clear(angle);
  await user.type(angle, "20");
  expect(recipe().augmentation).toEqual([{ type: "Turn", angle: 20 }, { type: "Mix" }]);
  await user.click(screen.getByRole("button", { name: "Do Mix earlier" }));
  expect(recipe().augmentation).toEqual([{ type: "Mix" }, { type: "Turn", angle: 20 }]);
  for (const title of ["Mix", "Turn"]) {
    await user.click(screen.getByRole("button", { name: `Leave ${title} out` }));
  }
  expect(recipe()).toEqual({});
});

test("the user's own images are shown as they are and changed, and drawn again", async () => {
  const user = userEvent.setup();
  const { fetched } = training(PETS, { augmentation: [{ type: "Mix" }] });
  const preview = await screen.findByRole("region", { name: "Augmentation on your images" });
  const plain = await within(preview).findByRole("img", { name: "Image 4 as it is" });
  expect(plain.getAttribute("src")).toBe("/api/datasets/dataset-1/images/3");
  const mixed = within(preview).getAllByRole("img", {
    name: "Image 31 changed: 80% dog, 20% cat",
  });
  expect(mixed).toHaveLength(2);
  expect(mixed[0]?.getAttribute("src")).toBe("data:image/png;base64,AAAA");
  await user.click(within(preview).getByRole("button", { name: "Again" }));
  expect(await seeds(fetched)).toEqual([1, 2, 3, 4]);
});
