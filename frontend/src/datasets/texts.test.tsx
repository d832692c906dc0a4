/** A column of texts on the page of its dataset. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Column, TreatmentOption } from "../api";
import { expectAccessible, show } from "../testing/page";
import { dataset, serve } from "../testing/server";
import DatasetPage from "./DatasetPage";

const treatments: TreatmentOption[] = [
  { field: "missing", value: "empty", title: "Empty text", summary: "", kinds: ["text"] },
  { field: "tokenizer", value: "word", title: "Words", summary: "", kinds: ["text"] },
  { field: "tokenizer", value: "byte_pair", title: "Byte pairs", summary: "", kinds: ["text"] },
];
const spread = { shortest: 4, median: 17, mean: 16.1, most: 23, longest: 27 };
const review: Column = {
  name: "review",
  kind: "text",
  kind_reason: "every value is a different text of several words",
  role: "input",
  missing: 0,
  unique: 4_000,
  distribution: [{ label: "4 – 5 words", count: 4_000, low: 4, high: 5 }],
  text: {
    words: spread,
    characters: { ...spread, longest: 148 },
    rows: 4_000,
    total: 64_000,
    vocabulary: 129,
    returning: 120,
    frequent: [
      { word: "the", count: 6_000 },
      { word: "not", count: 3_000 },
    ],
  },
  treatment: {},
  treatment_in_full: {
    missing: "empty",
    tokenizer: "word",
    max_tokens: 122,
    output_sequence_length: 23,
    lowercase: true,
  },
};

function open() {
  const made = dataset();
  const description = made.description;
  if (!description) throw new Error("no description");
  const [, label] = description.columns ?? [];
  if (!label) throw new Error("no second column");
  const calls = serve({
    "GET /api/datasets/d1": { ...made, description: { ...description, columns: [review, label] } },
    "GET /api/datasets/d1/rows": { offset: 0, total: 0, columns: ["review"], rows: [] },
    "GET /api/catalog": { treatments },
    "PATCH /api/datasets/d1": made,
  });
  return { calls, ...show(<DatasetPage />, "/datasets/d1", "/datasets/:id") };
}

it("tells how long texts are and which words they have", async () => {
  const { container } = open();
  expect(await screen.findByText("4 to 27 words")).toBeTruthy();
  expect(screen.getByText(/median 17, at most 148 characters/)).toBeTruthy();
  expect(screen.getByText(/129 different words, most often the, not/).title).toBe(
    "the 6,000, not 3,000",
  );
  await expectAccessible(container);
});

it("chooses how a text is cut, how much of it enters, and whether capitals count", async () => {
  const { calls, user } = open();
  await user.click(
    await screen.findByRole("button", { name: "How review enters a network: words · first 23" }),
  );
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).queryByRole("switch", { name: /Indicator/ })).toBeNull();
  await user.click(within(dialog).getByRole("combobox", { name: /Tokens/ }));
  await user.click(await screen.findByRole("option", { name: /^Byte pairs/ }));
  const length = within(dialog).getByRole("spinbutton", { name: /Length/ });
  expect(length.getAttribute("placeholder")).toBe("As proposed: 23");
  await user.type(length, "12");
  await user.type(within(dialog).getByRole("spinbutton", { name: /Vocabulary/ }), "500");
  await user.click(within(dialog).getByRole("switch", { name: /Small letters/ }));
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.find((call) => call.method === "PATCH")?.body).toEqual({
    columns: [
      {
        name: "review",
        treatment: {
          tokenizer: "byte_pair",
          max_tokens: 500,
          output_sequence_length: 12,
          lowercase: false,
        },
      },
    ],
  });
});
