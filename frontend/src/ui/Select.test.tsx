import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { withWords } from "./Combobox";
import { Select } from "./Select";

const MANY = Array.from({ length: 300 }, (_, n) => ({
  value: `id-${n}`,
  label: `measurement ${n}.csv`,
  hint: `${n + 1} rows`,
}));

function Chooser({ onChoice }: { onChoice(value: string): void }) {
  const [value, setValue] = useState("id-7");
  const choose = (next: string) => {
    setValue(next);
    onChoice(next);
  };
  return <Select label="Dataset" value={value} options={MANY} onChange={choose} />;
}

test("one of hundreds is found by a part of its name", async () => {
  const onChoice = vi.fn();
  render(<Chooser onChoice={onChoice} />);
  const box = screen.getByRole("combobox", { name: "Dataset" });
  expect(box.textContent).toBe("measurement 7.csv");
  await userEvent.click(box);
  expect(screen.getAllByRole("option")).toHaveLength(100);
  expect(screen.getByText("The first 100 of 300; type more of the name.")).toBeTruthy();
  await userEvent.keyboard("241");
  await userEvent.keyboard("{Enter}");
  expect(onChoice).toHaveBeenCalledExactlyOnceWith("id-241");
  expect(screen.queryByRole("option")).toBeNull();
  expect(box.textContent).toBe("measurement 241.csv");
});

test("what nothing has says so and chooses nothing", async () => {
  const onChoice = vi.fn();
  render(<Chooser onChoice={onChoice} />);
  await userEvent.click(screen.getByRole("combobox", { name: "Dataset" }));
  await userEvent.keyboard("penguins{Enter}");
  expect(screen.getByText("Nothing has that name. Try a part of it.")).toBeTruthy();
  expect(onChoice).not.toHaveBeenCalled();
});

test("every word must be in an option, in any order", () => {
  expect(withWords(MANY, "Csv 299").map(({ value }) => value)).toEqual(["id-299"]);
  expect(withWords(MANY, "")).toHaveLength(300);
});
