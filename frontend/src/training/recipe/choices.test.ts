import { expect, test } from "vitest";
import type { Catalog } from "../../api";
import { suits } from "./choices";

const BINARY: Catalog["losses"][number] = {
  type: "BinaryCrossentropy",
  title: "Binary cross entropy",
  summary: "",
  params: {},
  tasks: ["classification", "multilabel"],
  classes: "two",
};

test("a loss for two classes suits any number of labels, each of which is a yes or no", () => {
  expect(suits(BINARY, "multilabel", 5)).toBe(true);
  expect(suits(BINARY, "classification", 5)).toBe(false);
  expect(suits(BINARY, "classification", 2)).toBe(true);
  expect(suits({ ...BINARY, tasks: ["classification"] }, "multilabel", 2)).toBe(false);
});
