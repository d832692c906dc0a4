import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import openapi from "../../openapi.json";
import { Downloads, fileName } from "./Downloads";
import { answer, RUN, show } from "./testing";

const DONE = { ...RUN, state: "completed" as const };

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a file is saved under the network's and the run's name", async () => {
  answer({ [`runs/${RUN.id}/download/bundle.zip`]: new Blob(["zip"]) });
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download);
  });
  show(<Downloads run={DONE} finished />);
  await userEvent.click(screen.getByRole("button", { name: "Download bundle.zip" }));
  expect(await screen.findByText("Downloaded, 3 B")).toBeTruthy();
  expect(saved).toEqual(["flowers-run-7-bundle.zip"]);
});

test("a download that the server refuses says why", async () => {
  answer({ [`runs/${RUN.id}/download/history.csv`]: new Error("The run has no history yet.") });
  show(<Downloads run={DONE} finished />);
  await userEvent.click(screen.getByRole("button", { name: "Download history.csv" }));
  expect(await screen.findByText("The run has no history yet.")).toBeTruthy();
});

test("every file that the server knows of can be downloaded", () => {
  show(<Downloads run={DONE} finished />);
  const { parameters } = openapi.paths["/api/runs/{run_id}/download/{what}"].get;
  const known = parameters.find(({ name }) => name === "what")?.schema.enum ?? [];
  const shown = screen.getAllByRole("button").map((button) => button.getAttribute("aria-label"));
  expect(shown.toSorted()).toEqual(known.map((what) => `Download ${what}`).toSorted());
});

test("what needs trained weights waits for the end of the run", () => {
  show(<Downloads run={RUN} finished={false} />);
  expect(screen.getByRole("button", { name: "Download bundle.zip" })).toHaveProperty(
    "disabled",
    true,
  );
  expect(screen.getByRole("button", { name: "Download pytorch.py" })).toHaveProperty(
    "disabled",
    false,
  );
});

test("a network's name makes a file name whatever it holds", () => {
  expect(fileName({ network_name: "../Ziffern: größer?", number: 3 }, "history.csv")).toBe(
    "ziffern-gro-er-run-3-history.csv",
  );
  expect(fileName({ network_name: "数字", number: 1 }, "a.py")).toBe("network-run-1-a.py");
});
