/** What the command palette finds. */
import { expect, it } from "vitest";
import { find, score } from "./score";

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

const command = (title: string, group: string) => ({ id: title, title, group, run: () => {} });
const shown = (search: string, commands: ReturnType<typeof command>[]) =>
  find(commands, search).map(({ group, commands }) => [
    group,
    ...commands.map(({ title }) => title),
  ]);

it("puts the group with the best find first, and in it the title that holds little else", () => {
  const commands = [
    command("Go to the training page", "Places"),
    command("Train on all rows", "Network"),
    command("Train", "Network"),
  ];
  expect(shown("train", commands)).toEqual([
    ["Network", "Train", "Train on all rows"],
    ["Places", "Go to the training page"],
  ]);
});

it("shows the beginning of every group while nothing is searched for", () => {
  const many = Array.from({ length: 50 }, (_, index) => command(`Layer ${index}`, "Layers"));
  const groups = find([...many, command("Home", "Places")], "");
  expect(groups.map(({ group }) => group)).toEqual(["Layers", "Places"]);
  expect(groups[0]?.commands.length).toBeLessThan(10);
  expect(find(many, "layer 49")[0]?.commands.map(({ title }) => title)).toEqual(["Layer 49"]);
});
