/** Typing and stepping numbers. */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { NumberInput, type NumberInputProps } from "./NumberInput";

function draw(start: number | null, props: Partial<NumberInputProps> = {}) {
  const heard = vi.fn();
  function Owner() {
    const [value, setValue] = useState(start);
    return (
      <NumberInput
        aria-label="Rate"
        {...props}
        value={value}
        onChange={(next) => {
          heard(next);
          setValue(next);
        }}
      />
    );
  }
  render(<Owner />);
  return { heard, field: screen.getByRole("spinbutton", { name: "Rate" }) };
}

it("takes a number in scientific writing while it is typed", async () => {
  const { heard, field } = draw(null, { step: "any" });
  await userEvent.type(field, "1e-3");
  expect(heard).toHaveBeenLastCalledWith(0.001);
  expect(field).toHaveProperty("value", "1e-3");
});

it("says that a number is out of bounds and brings it back on leaving", async () => {
  const { heard, field } = draw(5, { min: 1, max: 10 });
  await userEvent.clear(field);
  await userEvent.type(field, "99");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(heard).not.toHaveBeenCalledWith(99);
  await userEvent.tab();
  expect(field).toHaveProperty("value", "10");
  expect(heard).toHaveBeenLastCalledWith(10);
});

it("keeps the last number when letters are typed", async () => {
  const { field } = draw(5);
  await userEvent.clear(field);
  await userEvent.type(field, "12px");
  await userEvent.tab();
  expect(field).toHaveProperty("value", "12");
});

it("steps with the arrow keys without the dust of binary fractions", async () => {
  const { heard, field } = draw(0.2, { step: 0.1, max: 0.3 });
  await userEvent.type(field, "{ArrowUp}");
  expect(heard).toHaveBeenLastCalledWith(0.3);
  await userEvent.type(field, "{ArrowUp}");
  expect(heard).toHaveBeenLastCalledWith(0.3);
});

it("refuses fractions where whole numbers are asked for", async () => {
  const { heard, field } = draw(null);
  await userEvent.type(field, "2.5");
  expect(heard).not.toHaveBeenCalledWith(2.5);
  expect(field.getAttribute("aria-invalid")).toBe("true");
});
