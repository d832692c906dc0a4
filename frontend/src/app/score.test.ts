/** What the command palette finds. */
import { expect, it } from "vitest";
import { score } from "./score";

it("finds by words of title, group and keywords in any order", () => {
  expect(score("iris run", ["Run 7 of Iris flowers", "Runs"])).toBeGreaterThan(0);
  expect(score("csv", ["Add data", "Actions", "upload csv images"])).toBeGreaterThan(0);
  expect(score("iris zebra", ["Run 7 of Iris flowers", "Runs"])).toBe(0);
});

it("puts titles that begin with the search before those that hold it", () => {
  const begin = score("dense", ["Dense", "Layers"]);
  const word = score("dense", ["Add Dense", "Layers"]);
  const keyword = score("dense", ["Linear", "Layers", "dense"]);
  expect(begin).toBeGreaterThan(word);
  expect(word).toBeGreaterThan(keyword);
});
