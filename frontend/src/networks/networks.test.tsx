/** The page of networks. */
import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { expectAccessible, show } from "../testing/page";
import { type Call, network, networkSummary, refusal, Status, serve } from "../testing/server";
import Networks from ".";

const one = { items: [networkSummary()], next_cursor: null };

it("says what to do when there are none", async () => {
  serve({});
  const { container } = show(<Networks />);
  expect(await screen.findByText("No networks yet")).toBeTruthy();
  await expectAccessible(container);
});

it("asks before it deletes a network", async () => {
  const calls = serve({
    "GET /api/networks": one,
    "GET /api/networks/n1": network(),
    "DELETE /api/networks/n1": new Status(204, null),
  });
  const { user } = show(<Networks />);
  await user.click(await screen.findByRole("button", { name: "Actions for First try" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  expect((await screen.findByRole("alertdialog")).textContent).toContain("3 revisions");
  expect(calls.some((call) => call.method === "DELETE")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Delete network" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(calls.some((call) => call.method === "DELETE")).toBe(true);
});

it("renames on top of the newest revision, keeping what is in it", async () => {
  const calls = serve({
    "GET /api/networks": one,
    "GET /api/networks/n1": network({ revision: 7, dataset_id: "d1" }),
    "PUT /api/networks/n1": network({ name: "Better" }),
  });
  const { user } = show(<Networks />);
  await user.click(await screen.findByRole("button", { name: "Actions for First try" }));
  await user.click(await screen.findByRole("menuitem", { name: "Rename" }));
  const field = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(field);
  await user.type(field, "Better{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const put = calls.find((call) => call.method === "PUT");
  expect(put?.headers.get("if-match")).toBe('"7"');
  expect(put?.body).toMatchObject({ architecture: { name: "Better" }, dataset_id: "d1" });
});

it("keeps the new name in its field when the server refuses it", async () => {
  serve({
    "GET /api/networks": one,
    "GET /api/networks/n1": network(),
    "PUT /api/networks/n1": refusal(412, "Someone else saved it meanwhile. Load it again."),
  });
  const { user } = show(<Networks />);
  await user.click(await screen.findByRole("button", { name: "Actions for First try" }));
  await user.click(await screen.findByRole("menuitem", { name: "Rename" }));
  const field = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(field);
  await user.type(field, "Second{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Someone else saved it");
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveProperty("value", "Second");
});

/** A server with more networks than fit in a page. */
function many() {
  const newer = Array.from({ length: 7 }, (_, at) => networkSummary({ id: `n${at}` }));
  const old = networkSummary({ id: "old", name: "The oldest" });
  return serve({
    "GET /api/networks": ({ query }: Call) =>
      query.get("cursor") === "rest"
        ? { items: [old], next_cursor: null }
        : { items: newer, next_cursor: "rest" },
    ...Object.fromEntries(
      [...newer, old].map(({ id }) => [`GET /api/networks/${id}`, network({ id })]),
    ),
  });
}

it("shows the older ones when asked", async () => {
  many();
  const { user } = show(<Networks />);
  await user.click(await screen.findByRole("button", { name: "Show older networks" }));
  expect(await screen.findByText("The oldest")).toBeTruthy();
  expect(screen.getAllByText("First try")).toHaveLength(7);
  expect(screen.queryByRole("button", { name: "Show older networks" })).toBeNull();
});

it("finds a network that is not on the first page", async () => {
  many();
  const { user } = show(<Networks />);
  await user.type(await screen.findByRole("searchbox", { name: "Find a network" }), "oldest");
  expect(await screen.findByText("The oldest")).toBeTruthy();
  expect(screen.queryByText("First try")).toBeNull();
});
