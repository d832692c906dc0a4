import { expect, test } from "vitest";
import { ApiError } from "../api";
import { reportOf } from "./report";

test("A server that fails says nothing of the draft, and is told of", () => {
  const report = reportOf(undefined, new Error("The server failed at this."), false);
  expect(report.failure).toBe("The server failed at this.");
  expect(report.problems).toEqual([]);
});

test("A refused draft is told of by its problems alone", () => {
  const detail = { code: "unknown_layer", message: "Expected a layer type", where: {} };
  const report = reportOf(undefined, new ApiError(422, detail), false);
  expect(report.failure).toBeNull();
  expect(report.problems.map(({ code }) => code)).toEqual(["unknown_layer"]);
});
