/** Importing a network: the file goes to the server, and what it tells is shown. */
import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { dismissImportNotes } from "../api/importing";
import Networks from "../networks";
import { expectAccessible, show } from "../testing/page";
import { network, refusal, serve } from "../testing/server";
import { ImportNotes } from "./ImportNotes";

const ARCHITECTURE = { format: "neuroloom/1", name: "mine", nodes: [], edges: [] };
const NOTE = { layer: "twice", node: "twice", message: "Lambda could not be carried over." };

afterEach(() => dismissImportNotes());

function page() {
  return show(
    <>
      <Networks />
      <ImportNotes />
    </>,
    "/networks",
    "*",
  );
}

async function choose(user: ReturnType<typeof show>["user"]) {
  const input = document.querySelector<HTMLInputElement>('input[accept=".keras,.json"]');
  if (!input) throw new Error("there is no way to choose a file");
  await user.upload(input, new File(["PK"], "model.keras"));
}

it("opens the imported network and shows what could not be carried over", async () => {
  const calls = serve({
    "POST /api/architectures/import": { architecture: ARCHITECTURE, notes: [NOTE] },
    "POST /api/networks": network(),
  });
  const { user } = page();
  await choose(user);
  const dialog = await screen.findByRole("dialog", { name: "Imported, with some differences" });
  expect(dialog.textContent).toContain("twice");
  expect(dialog.textContent).toContain("Lambda could not be carried over.");
  expect(
    calls.find((call) => call.path === "/api/networks" && call.method === "POST")?.body,
  ).toEqual({ architecture: ARCHITECTURE });
  await expectAccessible(dialog);
  await user.click(screen.getByRole("button", { name: "Understood" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("says why a file is refused", async () => {
  serve({ "POST /api/architectures/import": refusal(415, "Expected a .keras file or JSON.") });
  const { user } = page();
  await choose(user);
  expect((await screen.findByRole("alert")).textContent).toContain("Expected a .keras file");
});
