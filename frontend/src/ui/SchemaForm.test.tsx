import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { type FieldProblem, SchemaForm } from "./SchemaForm";
import type { JsonSchema } from "./schema";

const PAIR = {
  anyOf: [
    { type: "integer", minimum: 1 },
    {
      type: "array",
      minItems: 2,
      maxItems: 2,
      prefixItems: [
        { type: "integer", title: "Height" },
        { type: "integer", title: "Width" },
      ],
    },
  ],
};

const NAMES = { type: "string", enum: ["zeros", "constant"] };
const START = {
  anyOf: [NAMES, { type: "object", properties: { type: NAMES } }, { type: "null" }],
  default: "zeros",
  "x-catalog": "starts",
  "x-section": "Initial values",
};
const CATALOG = {
  starts: [
    { type: "zeros", title: "Zeros", summary: "All zero.", params: { properties: {} } },
    {
      type: "constant",
      title: "Constant",
      summary: "All the same.",
      params: { properties: { value: { type: "number", minimum: 0, default: 0 } } },
    },
  ],
  none: [],
  classes: [
    { type: "cat", title: "cat", summary: "20 rows" },
    { type: "dog", title: "dog", summary: "5 rows" },
  ],
};

const WEIGHTS = {
  anyOf: [
    { type: "object", additionalProperties: { type: "number", minimum: 0 } },
    { const: "balanced" },
    { type: "null" },
  ],
  default: null,
  "x-names": "classes",
  "x-none": "as the recipe",
};

function open(properties: JsonSchema, values = {}, problems: readonly FieldProblem[] = []) {
  const onChange = vi.fn();
  function Harness() {
    const [now, setNow] = useState<Record<string, unknown>>(values);
    return (
      <SchemaForm
        schema={{ type: "object", properties }}
        values={now}
        problems={problems}
        idPrefix="t"
        catalog={CATALOG}
        onChange={(name, value) => {
          onChange(name, value);
          setNow(({ [name]: _, ...rest }) =>
            value === undefined ? rest : { ...rest, [name]: value },
          );
        }}
      />
    );
  }
  render(<Harness />);
  return onChange;
}

describe("a form from a schema", () => {
  test("shows defaults, and marks what differs from them", () => {
    open(
      { units: { type: "integer", default: 8 }, rate: { type: "number", default: 0.5 } },
      { units: 3 },
    );
    expect(screen.getByLabelText("Units")).toHaveProperty("value", "3");
    expect(screen.getByLabelText("Rate")).toHaveProperty("value", "0.5");
    expect(screen.getAllByText("changed")).toHaveLength(1);
  });

  test("a changed field goes back to its default", async () => {
    const onChange = open({ units: { type: "integer", default: 8 } }, { units: 3 });
    await userEvent.click(screen.getByRole("button", { name: "Back to 8" }));
    expect(onChange).toHaveBeenLastCalledWith("units", undefined);
    expect(screen.getByLabelText("Units")).toHaveProperty("value", "8");
  });

  test("only numbers within the range are taken", async () => {
    const onChange = open({ units: { type: "integer", minimum: 1, default: 8 } });
    const input = screen.getByLabelText("Units");
    await userEvent.clear(input);
    await userEvent.type(input, "-4");
    expect(onChange).not.toHaveBeenCalled();
    expect(input.getAttribute("aria-invalid")).toBe("true");
    await userEvent.clear(input);
    await userEvent.type(input, "12");
    expect(onChange).toHaveBeenLastCalledWith("units", 12);
  });

  test("a few choices are all in view", async () => {
    const onChange = open({ padding: { enum: ["valid", "same"], default: "valid" } });
    await userEvent.click(screen.getByRole("radio", { name: "same" }));
    expect(onChange).toHaveBeenLastCalledWith("padding", "same");
  });

  test("one size for both sides can be set apart and joined again", async () => {
    const onChange = open({ size: { ...PAIR, default: 3 } });
    await userEvent.click(screen.getByRole("button", { name: "Set height and width apart" }));
    expect(onChange).toHaveBeenLastCalledWith("size", [3, 3]);
    const width = screen.getByLabelText("Size, width");
    await userEvent.clear(width);
    await userEvent.type(width, "5");
    expect(onChange).toHaveBeenLastCalledWith("size", [3, 5]);
    await userEvent.click(screen.getByRole("button", { name: "One size for both" }));
    expect(onChange).toHaveBeenLastCalledWith("size", 3);
  });

  test("sides are set one by one, and what stood for several is kept", async () => {
    const side = (...titles: string[]) => ({
      type: "array",
      minItems: titles.length,
      maxItems: titles.length,
      prefixItems: titles.map((title) => ({ type: "integer", title })),
    });
    const sides = {
      ...side("a", "b"),
      prefixItems: [side("Top", "Bottom"), side("Left", "Right")],
    };
    const onChange = open({ crop: { anyOf: [...PAIR.anyOf, sides], default: 1 } });
    await userEvent.click(screen.getByRole("button", { name: "Set height and width apart" }));
    const width = screen.getByLabelText("Crop, width");
    await userEvent.clear(width);
    await userEvent.type(width, "4");
    await userEvent.click(
      screen.getByRole("button", { name: "Set top, bottom, left and right apart" }),
    );
    expect(onChange).toHaveBeenLastCalledWith("crop", [
      [1, 1],
      [4, 4],
    ]);
    const bottom = screen.getByLabelText("Crop, bottom");
    await userEvent.clear(bottom);
    await userEvent.type(bottom, "7");
    expect(onChange).toHaveBeenLastCalledWith("crop", [
      [1, 7],
      [4, 4],
    ]);
    await userEvent.click(screen.getByRole("button", { name: "One size for all" }));
    expect(onChange).toHaveBeenLastCalledWith("crop", 1);
  });

  test("sizes that may be missing can be set and emptied", async () => {
    const strides = { anyOf: [...PAIR.anyOf, { type: "null" }], default: null };
    const onChange = open({ strides });
    const input = screen.getByLabelText("Strides");
    await userEvent.type(input, "2");
    expect(onChange).toHaveBeenLastCalledWith("strides", 2);
    await userEvent.clear(input);
    expect(onChange).toHaveBeenLastCalledWith("strides", null);
  });

  test("a shape is typed as numbers, and what cannot be read says what was expected", async () => {
    const shape = { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "null" }] };
    const onChange = open({ shape: { ...shape, default: null } });
    const input = screen.getByLabelText("Shape");
    await userEvent.type(input, "1 x 28 x 28{Enter}");
    expect(onChange).toHaveBeenLastCalledWith("shape", [1, 28, 28]);
    await userEvent.clear(input);
    await userEvent.type(input, "wide");
    expect(screen.getByText(/Expected whole numbers/)).toBeTruthy();
    await userEvent.clear(input);
    await userEvent.tab();
    expect(onChange).toHaveBeenLastCalledWith("shape", null);
  });

  test("open places of a list are typed as any", async () => {
    const size = { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] };
    const noise = { anyOf: [{ type: "array", items: size }, { type: "null" }], default: null };
    const onChange = open({ noise }, { noise: [null, 1] });
    const input = screen.getByLabelText("Noise");
    expect(input).toHaveProperty("value", "any, 1");
    await userEvent.clear(input);
    await userEvent.type(input, "any, 1, 4{Enter}");
    expect(onChange).toHaveBeenLastCalledWith("noise", [null, 1, 4]);
    await userEvent.clear(input);
    await userEvent.tab();
    expect(onChange).toHaveBeenLastCalledWith("noise", null);
  });

  test("one number or several are typed in one field", async () => {
    const one = { type: "integer", minimum: -8 };
    const axis = { anyOf: [one, { type: "array", items: one }], default: 0 };
    const onChange = open({ axis });
    const input = screen.getByLabelText("Axis");
    expect(input).toHaveProperty("value", "0");
    await userEvent.clear(input);
    await userEvent.type(input, "0, -1{Enter}");
    expect(onChange).toHaveBeenLastCalledWith("axis", [0, -1]);
    await userEvent.clear(input);
    await userEvent.type(input, "2{Enter}");
    expect(onChange).toHaveBeenLastCalledWith("axis", 2);
  });

  test("a value that many choose is one click away", async () => {
    const preset = { label: "0.1, as in the course", value: 0.1 };
    const onChange = open({ slope: { type: "number", default: 0.3, "x-presets": [preset] } });
    const button = screen.getByRole("button", { name: preset.label, pressed: false });
    await userEvent.click(button);
    expect(onChange).toHaveBeenLastCalledWith("slope", 0.1);
    expect(screen.getByRole("button", { name: preset.label, pressed: true })).toBe(button);
  });

  test("a number that may be missing can be emptied", async () => {
    const limit = { anyOf: [{ type: "number" }, { type: "null" }], default: null };
    const onChange = open({ limit }, { limit: 2 });
    await userEvent.clear(screen.getByLabelText("Limit"));
    expect(onChange).toHaveBeenLastCalledWith("limit", null);
  });

  test("a slider covers what is usual, in even ratios when the range is wide", () => {
    const onChange = open({ units: { type: "integer", default: 10, "x-range": [1, 100] } });
    const slider = screen.getByLabelText("Units, slider");
    expect(Number(slider.getAttribute("value"))).toBeCloseTo(0.5);
    fireEvent.change(slider, { target: { value: "1" } });
    expect(onChange).toHaveBeenLastCalledWith("units", 100);
    expect(screen.getByLabelText("Units")).toHaveProperty("value", "100");
  });

  test("a section is folded away until one of its parameters is changed", () => {
    open({ units: { type: "integer", default: 8 }, start: START });
    expect(screen.getByText("Initial values").closest("details")?.open).toBe(false);
    cleanup();
    open({ start: START }, { start: "constant" });
    expect(screen.getByText("Initial values").closest("details")?.open).toBe(true);
  });

  test("a choice with parameters unfolds them, and is its name alone without any", async () => {
    const onChange = open({ start: START }, { start: "constant" });
    const value = screen.getByLabelText("Value");
    await userEvent.clear(value);
    await userEvent.type(value, "2");
    expect(onChange).toHaveBeenLastCalledWith("start", { type: "constant", value: 2 });
    await userEvent.click(screen.getByRole("button", { name: "Back to 0" }));
    expect(onChange).toHaveBeenLastCalledWith("start", "constant");
    await userEvent.click(screen.getByLabelText("Start"));
    await userEvent.click(screen.getByRole("option", { name: /none/ }));
    expect(onChange).toHaveBeenLastCalledWith("start", null);
    expect(screen.queryByLabelText("Value")).toBeNull();
  });

  test("what is chosen inside an object is drawn from the catalogue too", async () => {
    const names = { type: "string", enum: ["twice"] };
    const outer = { anyOf: [names, { type: "object", properties: { type: names } }] };
    const catalog = {
      ...CATALOG,
      wraps: [
        {
          type: "twice",
          title: "Twice",
          summary: "Two.",
          params: { properties: { start: START } },
        },
      ],
    };
    const onChange = vi.fn();
    render(
      <SchemaForm
        schema={{ properties: { inner: { ...outer, default: "twice", "x-catalog": "wraps" } } }}
        values={{ inner: { type: "twice", start: "constant" } }}
        idPrefix="t"
        catalog={catalog}
        onChange={onChange}
      />,
    );
    const value = screen.getByLabelText("Value");
    await userEvent.clear(value);
    await userEvent.type(value, "2");
    expect(onChange).toHaveBeenLastCalledWith("inner", {
      type: "twice",
      start: { type: "constant", value: 2 },
    });
  });

  test("a problem inside an object stands at the parameter that it is about", () => {
    open({ start: START }, { start: { type: "constant", value: -1 } }, [
      { path: ["start", "value"], message: "Expected at least 0." },
    ]);
    expect(screen.getByLabelText("Value").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByLabelText("Start").getAttribute("aria-invalid")).toBeNull();
  });

  test("the server's problem stands at its field", () => {
    open({ units: { type: "integer" }, rate: { type: "number" } }, {}, [
      { path: ["units"], message: "Expected 3 units." },
    ]);
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toContain("Expected 3 units.");
    expect(screen.getByLabelText("Units").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByLabelText("Rate").getAttribute("aria-invalid")).toBeNull();
  });

  test("values one after another are typed with commas, and their default is the example", async () => {
    const onChange = open({
      values: { type: "array", items: { type: "number" }, default: [0.1, 0.01], "x-series": true },
    });
    const input = screen.getByLabelText("Values");
    expect(input).toHaveProperty("value", "0.1, 0.01");
    await userEvent.clear(input);
    await userEvent.type(input, "0.5, 0.05 1e-3{Enter}");
    expect(onChange).toHaveBeenLastCalledWith("values", [0.5, 0.05, 0.001]);
    expect(input).toHaveProperty("value", "0.5, 0.05, 0.001");
    await userEvent.clear(input);
    await userEvent.type(input, "fast");
    expect(screen.getByText("Expected numbers such as 0.1, 0.01.")).toBeTruthy();
  });
});

describe("weights of classes", () => {
  test("have a row for each class of the target", async () => {
    const onChange = open({ weight: WEIGHTS });
    expect(screen.getByRole("radio", { name: "As the recipe", checked: true })).toBeTruthy();
    await userEvent.click(screen.getByRole("radio", { name: "Own" }));
    expect(onChange).toHaveBeenLastCalledWith("weight", { cat: 1, dog: 1 });
    const dog = screen.getByRole("spinbutton", { name: "dog 5 rows" });
    await userEvent.clear(dog);
    await userEvent.type(dog, "4");
    expect(onChange).toHaveBeenLastCalledWith("weight", { cat: 1, dog: 4 });
    await userEvent.click(screen.getByRole("radio", { name: "Balanced" }));
    expect(onChange).toHaveBeenLastCalledWith("weight", "balanced");
    await userEvent.click(screen.getByRole("radio", { name: "As the recipe" }));
    expect(onChange).toHaveBeenLastCalledWith("weight", null);
  });

  test("of a class that is not there any more are taken away", async () => {
    const onChange = open({ weight: WEIGHTS }, { weight: { cat: 2, bird: 3 } });
    expect(screen.getAllByRole("spinbutton")).toHaveLength(2);
    await userEvent.click(screen.getByRole("button", { name: "Take bird away" }));
    expect(onChange).toHaveBeenLastCalledWith("weight", { cat: 2 });
  });

  test("cannot be typed where no classes are known", () => {
    open({ weight: { ...WEIGHTS, "x-names": "nothing" } });
    expect(screen.getByRole("radio", { name: "Own" })).toHaveProperty("disabled", true);
    expect(screen.getByRole("radio", { name: "Balanced" })).toHaveProperty("disabled", false);
  });

  test("cannot be chosen for a number", () => {
    open({ weight: { ...WEIGHTS, "x-names": "none" } });
    expect(screen.getByRole("radio", { name: "Own" })).toHaveProperty("disabled", true);
    expect(screen.getByRole("radio", { name: "Balanced" })).toHaveProperty("disabled", true);
  });
});
