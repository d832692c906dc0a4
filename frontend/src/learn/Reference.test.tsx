/** A page of the reference. */
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { expectAccessible, show } from "../testing/page";
import { refusal, serve } from "../testing/server";
import Reference from "./Reference";

const ROUTE = "/learn/reference/:kind?/:name?";
const DENSE = {
  title: "Dense",
  html: '<p>Connects every input. <a href="/learn/reference/layers">Layers</a></p><h2>Shapes</h2>',
};

it("shows the page that the address names, and its links lead on inside the app", async () => {
  serve({ "GET /api/reference/layers/Dense": DENSE, "GET /api/reference/layers": DENSE });
  const { user, container, history } = show(<Reference />, "/learn/reference/layers/Dense", ROUTE);
  expect(await screen.findByRole("heading", { name: "Dense", level: 1 })).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Shapes", level: 2 })).toBeTruthy();
  await expectAccessible(container);
  await user.click(screen.getByRole("link", { name: "Layers" }));
  expect(history.at(-1)).toBe("/learn/reference/layers");
});

it("says that there is no such page, and where all of them are", async () => {
  serve({ "GET /api/reference/layers/Dance": refusal(404, "Expected a page such as Dense.") });
  show(<Reference />, "/learn/reference/layers/Dance", ROUTE);
  expect(await screen.findByText("There is no such page")).toBeTruthy();
  const all = screen.getByRole("link", { name: "All pages" });
  expect(all.getAttribute("href")).toBe("/learn/reference");
});
