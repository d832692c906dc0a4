/** Versions of a dataset: replaced, read again, gone back to. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { DatasetVersion, NetworkFit } from "../api";
import { expectAccessible, show } from "../testing/page";
import { dataset, refusal, type serve as Serve, serve } from "../testing/server";
import DatasetPage from "./DatasetPage";

const rows = { offset: 0, total: 1, columns: ["width"], rows: [[0.2]] };

function version(values: Partial<DatasetVersion>): DatasetVersion {
  return {
    version: 1,
    state: "ready",
    in_use: false,
    kind: "table",
    rows: 150,
    original: { filename: "first.csv", bytes: 4_000 },
    options: null,
    again: null,
    changes: [],
    disk_bytes: 2_500,
    shares_original: false,
    runs: 0,
    created_at: "2026-01-02T03:04:05Z",
    ...values,
  };
}

const second = dataset({
  version: 2,
  newest: 2,
  original: { filename: "second.csv", bytes: 5_000 },
  options: { missing: ["?"], rename_headers: false },
  changes: [
    { severity: "info", code: "rows_changed", message: "160 rows now, 150 before." },
    { severity: "warning", code: "columns_gone", message: 'Gone: "height".' },
  ],
});
const fits: NetworkFit[] = [
  { network_id: "n1", name: "Good", revision: 1, ok: true, problems: [] },
  {
    network_id: "n2",
    name: "Bad",
    revision: 1,
    ok: false,
    problems: [{ code: "units", message: "Expected 4 units, got 3.", where: {} }],
  },
];
const routes: Parameters<typeof Serve>[0] = {
  "GET /api/datasets/d1": second,
  "GET /api/datasets/d1/rows": rows,
  "GET /api/datasets/d1/fits": { items: fits, next_cursor: null },
  "GET /api/datasets/d1/versions": {
    items: [
      version({ version: 2, in_use: true, original: { filename: "second.csv", bytes: 5_000 } }),
      version({ version: 1, runs: 3 }),
      version({ version: 0, again: 1, shares_original: true }),
    ],
    next_cursor: null,
  },
};
const open = () => show(<DatasetPage />, "/datasets/d1", "/datasets/:id");
const act = async (user: ReturnType<typeof show>["user"], name: string) => {
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name }));
};

it("tells what is new in a version, and which networks no longer fit", async () => {
  serve(routes);
  const { container } = open();
  expect(await screen.findByText("What is new in version 2")).toBeTruthy();
  expect(screen.getByText("Version 2, read from second.csv")).toBeTruthy();
  const notes = screen.getAllByText(/rows now|Gone/).map((note) => note.textContent);
  expect(notes).toEqual(['Gone: "height".', "160 rows now, 150 before."]);
  expect(await screen.findByText("1 network of 2 no longer fits")).toBeTruthy();
  expect(screen.getByText("Expected 4 units, got 3.")).toBeTruthy();
  await expectAccessible(container);
});

it("goes back to an earlier version, and deletes only what no run needs", async () => {
  const calls = serve({
    ...routes,
    "POST /api/datasets/d1/versions/1/restore": dataset({ version: 1, newest: 2 }),
    "DELETE /api/datasets/d1/versions/0": refusal(409, "It is needed."),
  });
  const { user } = open();
  await act(user, "Versions");
  const list = await screen.findByRole("list", { name: "Versions" });
  expect(within(list).getByText(/3 runs trained on it/)).toBeTruthy();
  expect(within(list).getByText("The file of version 1, read again")).toBeTruthy();
  const needed = within(list).getByRole("button", { name: "Version 1 is needed by 3 runs" });
  expect((needed as HTMLButtonElement).disabled).toBe(true);
  await user.click(within(list).getByRole("button", { name: "Delete version 0" }));
  await user.click(await screen.findByRole("button", { name: "Delete version" }));
  expect(await screen.findByText("It is needed.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  const [use] = within(list).getAllByRole("button", { name: "Use this version" });
  await user.click(use as HTMLElement);
  await waitFor(() =>
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toContain(
      "POST /api/datasets/d1/versions/1/restore",
    ),
  );
});

it("reads the file again with what was said before, and tells why it could not", async () => {
  const calls = serve({
    ...routes,
    "POST /api/datasets/d1/versions": refusal(422, "Expected a comma."),
  });
  const { user } = open();
  await act(user, "Read again …");
  const missing = await screen.findByRole("textbox", { name: /Missing values/ });
  expect((missing as HTMLInputElement).value).toBe("?");
  await user.click(screen.getByRole("combobox", { name: /Between columns/ }));
  await user.click(await screen.findByRole("option", { name: "Semicolon" }));
  await user.click(screen.getByRole("button", { name: "Read again" }));
  expect(await screen.findByText("Expected a comma.")).toBeTruthy();
  const sent = calls.find(({ method, path }) => method === "POST" && path.endsWith("versions"));
  expect(sent?.body).toEqual({ options: { missing: ["?"], delimiter: ";" } });
});

const next = version({ version: 3, state: "ingesting", progress: 0.4, rows: null });

it("keeps the version in use in sight while the next is read", async () => {
  serve({ ...routes, "GET /api/datasets/d1": { ...second, next_version: next } });
  open();
  expect(await screen.findByText(/Reading version 3/)).toBeTruthy();
  expect(screen.getByText("What is new in version 2")).toBeTruthy();
});

it("tells why the next version was not read until it is taken off", async () => {
  const error = { code: "bad_row", message: "Expected 4 cells, got 3.", problems: [] };
  const failed = { ...next, state: "failed" as const, progress: null, error };
  const calls = serve({
    ...routes,
    "GET /api/datasets/d1": { ...second, next_version: failed },
    "DELETE /api/datasets/d1/versions/3": null,
  });
  const { user } = open();
  expect(await screen.findByText("Expected 4 cells, got 3.")).toBeTruthy();
  expect(screen.getByText(/version 2 stays in use/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Take it off" }));
  await waitFor(() => expect(calls.some(({ method }) => method === "DELETE")).toBe(true));
});
