import { describe, expect, test } from "vitest";
import { readNumbers, readOpen } from "./numbers";
import { type JsonSchema, labelOf, readFields, showValue } from "./schema";

function field(property: JsonSchema, root: JsonSchema = {}) {
  const [only] = readFields({ ...root, type: "object", properties: { it: property } });
  if (!only) throw new Error("no field");
  return only;
}

function fixed(...titles: string[]): JsonSchema {
  const prefixItems = titles.map((title) => ({ type: "integer", minimum: 1, title }));
  return { type: "array", minItems: titles.length, maxItems: titles.length, prefixItems };
}

const PAIR = fixed("Height", "Width");
const BOTH = [
  { path: [0], label: "height" },
  { path: [1], label: "width" },
];
const ALL = [{ path: [], label: "" }];

const NAMES = { type: "string", enum: ["zeros", "constant"] };
const NAMED = { type: "object", properties: { type: NAMES }, required: ["type"] };

describe("reading a schema", () => {
  test.each<[string, JsonSchema, object]>([
    ["a switch", { type: "boolean" }, { kind: "boolean" }],
    [
      "a whole number in its range",
      { type: "integer", minimum: 1, maximum: 9 },
      { kind: "number", whole: true, minimum: 1, maximum: 9 },
    ],
    [
      "an exclusive bound of a whole number",
      { type: "integer", exclusiveMinimum: 0 },
      { kind: "number", whole: true, minimum: 1 },
    ],
    [
      "an exclusive bound of a fraction",
      { type: "number", exclusiveMinimum: 0 },
      { kind: "number", whole: false, minimum: 0 },
    ],
    ["a choice", { enum: ["a", "b"] }, { kind: "choice", options: ["a", "b"] }],
    ["one constant", { const: "a" }, { kind: "choice", options: ["a"] }],
    ["a text", { type: "string" }, { kind: "text" }],
    [
      "a number for each class",
      {
        anyOf: [
          { type: "object", additionalProperties: { type: "number", minimum: 0 } },
          { type: "string", const: "balanced" },
          { type: "null" },
        ],
      },
      { kind: "weights" },
    ],
    [
      "a size for both sides or each",
      { anyOf: [{ type: "integer", minimum: 1 }, PAIR] },
      { kind: "sizes", forms: [ALL, BOTH], minimum: 1 },
    ],
    ["two sizes", PAIR, { kind: "sizes", forms: [BOTH], minimum: 1 }],
    [
      "a size of one axis, which may be in a list",
      { anyOf: [{ type: "integer", minimum: 1 }, fixed("Length")] },
      { kind: "number", whole: true, minimum: 1 },
    ],
    [
      "a size for all sides, for each axis, or for each side",
      {
        anyOf: [
          { type: "integer", minimum: 0 },
          PAIR,
          {
            type: "array",
            minItems: 2,
            maxItems: 2,
            prefixItems: [fixed("Top", "Bottom"), fixed("Left", "Right")],
          },
        ],
      },
      {
        kind: "sizes",
        minimum: 0,
        forms: [
          ALL,
          BOTH,
          [
            { path: [0, 0], label: "top" },
            { path: [0, 1], label: "bottom" },
            { path: [1, 0], label: "left" },
            { path: [1, 1], label: "right" },
          ],
        ],
      },
    ],
    [
      "a list of whole numbers",
      { type: "array", items: { type: "integer" } },
      { kind: "list", items: "whole" },
    ],
    [
      "a list of whole numbers from -1",
      { type: "array", items: { type: "integer", minimum: -1 } },
      { kind: "list", items: "whole", minimum: -1 },
    ],
    [
      "a list of whole numbers, some of them open",
      {
        type: "array",
        items: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] },
      },
      { kind: "list", items: "whole", minimum: 1, open: true },
    ],
    [
      "a list of names",
      { type: "array", items: { type: "string" } },
      { kind: "list", items: "text" },
    ],
    [
      "a whole number or several",
      {
        anyOf: [
          { type: "integer", minimum: -8 },
          { type: "array", items: { type: "integer" } },
        ],
      },
      { kind: "list", items: "whole", single: true },
    ],
    [
      "a number or several",
      { anyOf: [{ type: "number" }, { type: "array", items: { type: "number", minimum: 0 } }] },
      { kind: "list", items: "number", minimum: 0, single: true },
    ],
    [
      "a name, or an object with that name",
      { anyOf: [NAMES, NAMED] },
      { kind: "object", names: ["zeros", "constant"] },
    ],
    ["anything else as JSON", { type: "object" }, { kind: "json" }],
    ["a mixture as JSON", { anyOf: [{ type: "string" }, { type: "integer" }] }, { kind: "json" }],
  ])("%s", (_, schema, expected) => {
    expect(field(schema).field).toEqual(expect.objectContaining(expected));
  });

  test("null beside another type makes it nullable", () => {
    const read = field({
      anyOf: [{ type: "integer", minimum: 2 }, { type: "null" }],
      default: null,
    });
    expect(read).toMatchObject({
      nullable: true,
      default: null,
      field: { kind: "number", whole: true, minimum: 2 },
    });
  });

  test("references are followed, also inside alternatives", () => {
    const root = { $defs: { Kind: { enum: ["x", "y"], type: "string" } } };
    expect(field({ $ref: "#/$defs/Kind", default: "x" }, root)).toMatchObject({
      default: "x",
      field: { kind: "choice", options: ["x", "y"] },
    });
    expect(field({ anyOf: [{ $ref: "#/$defs/Kind" }, { type: "null" }] }, root)).toMatchObject({
      nullable: true,
      field: { kind: "choice" },
    });
  });

  test("the usual range and the list that explains the choices are kept", () => {
    const units = field({ type: "integer", minimum: 1, "x-range": [1, 512] });
    expect(units.field).toMatchObject({ kind: "number", usual: [1, 512] });
    expect(field({ type: "integer", "x-range": [5, 5] }).field).not.toHaveProperty("usual");
    expect(field({ enum: ["a"], "x-catalog": "functions" }).catalog).toBe("functions");
  });

  test("what must be given is marked", () => {
    const fields = readFields({
      properties: { a: { type: "integer" }, b: { type: "integer" } },
      required: ["b"],
    });
    expect(fields.map((read) => [read.name, read.required])).toEqual([
      ["a", false],
      ["b", true],
    ]);
  });
});

test("labels are the names as words", () => {
  expect(labelOf("kernel_size")).toBe("Kernel size");
});

test("values are shown in one short line", () => {
  expect(
    [3, [3, 5], "same", true, null, { type: "Twist" }, ["a", "b"], [0.5, 2]].map(showValue),
  ).toEqual(["3", "3×5", "same", "yes", "none", "Twist", "a, b", "0.5, 2"]);
});

test("open entries of a list are read as nulls", () => {
  expect(readOpen("any, 1; 4", 1)).toEqual([null, 1, 4]);
  expect(readOpen("Any 1", 1)).toEqual([null, 1]);
  expect(readOpen("any, 0", 1)).toBeNull();
  expect(readOpen("any, none", 1)).toBeNull();
  expect(readOpen("1.5")).toBeNull();
  expect(readOpen("")).toEqual([]);
});

test("numbers are read however they are separated", () => {
  expect(readNumbers("1 × 28x28", true)).toEqual([1, 28, 28]);
  expect(readNumbers("1, 2;3", true)).toEqual([1, 2, 3]);
  expect(readNumbers("1.5", true)).toBeNull();
  expect(readNumbers("1.5 -2", false)).toEqual([1.5, -2]);
  expect(readNumbers("one", true)).toBeNull();
  expect(readNumbers("-1 x 4", true, -1)).toEqual([-1, 4]);
  expect(readNumbers("-1 x 4", true, 1)).toBeNull();
});
