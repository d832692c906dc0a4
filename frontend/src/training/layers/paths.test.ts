import { expect, test } from "vitest";
import { pathsOf, readPath, sayPath } from "./paths";

test("a path tells the layers on the way and which copy of the block it is", () => {
  expect(readPath("dense")).toEqual({ layers: ["dense"], copy: null });
  expect(readPath("encoder.1.dense")).toEqual({ layers: ["encoder", "dense"], copy: 2 });
  expect(sayPath("encoder.1.dense")).toBe("encoder › copy 2 › dense");
});

test("the layers of the open block are found in every copy, those of other levels are not", () => {
  const paths = ["dense", "encoder", "encoder.0.dense", "encoder.1.dense", "decoder.dense"];
  expect([...pathsOf(paths, [])]).toEqual([
    ["dense", ["dense"]],
    ["encoder", ["encoder"]],
  ]);
  expect([...pathsOf(paths, ["encoder"])]).toEqual([
    ["dense", ["encoder.0.dense", "encoder.1.dense"]],
  ]);
  expect(pathsOf(paths, ["elsewhere"]).size).toBe(0);
});
