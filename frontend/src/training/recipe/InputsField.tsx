/** Which columns the network sees. */
import { useId } from "react";
import type { Column } from "../../api";
import { Button } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";

export interface InputsFieldProps extends Omit<RecipeFieldProps, "label" | "children"> {
  columns: readonly Column[];
  /** null is every usable one. */
  inputs: readonly string[] | null;
  onChange(inputs: string[]): void;
}

export function InputsField({ columns, inputs, onChange, ...field }: InputsFieldProps) {
  const id = useId();
  const chosen = new Set(inputs ?? columns.map((column) => column.name));
  const toggle = (name: string, on: boolean) =>
    onChange(
      columns
        .filter((column) => (column.name === name ? on : chosen.has(column.name)))
        .map((column) => column.name),
    );
  return (
    <RecipeField {...field} label={`Inputs (${chosen.size} of ${columns.length})`}>
      <ul className="grid max-h-56 gap-px overflow-y-auto rounded-lg border border-line py-1">
        {columns.map((column) => (
          <li key={column.name} className="flex items-center gap-2.5 px-2.5 py-1 hover:bg-sunken">
            <input
              id={`${id}${column.name}`}
              type="checkbox"
              checked={chosen.has(column.name)}
              onChange={(event) => toggle(column.name, event.target.checked)}
              className="size-3.5 shrink-0 accent-accent"
            />
            <label
              htmlFor={`${id}${column.name}`}
              className="flex min-w-0 flex-1 items-baseline justify-between gap-2"
            >
              <span className="min-w-0 break-words">{column.name}</span>
              <span className="shrink-0 text-xs text-ink-3">{column.kind}</span>
            </label>
          </li>
        ))}
      </ul>
      {chosen.size < columns.length && (
        <Button
          size="sm"
          variant="ghost"
          className="w-fit"
          onClick={() => onChange(columns.map((column) => column.name))}
        >
          Choose all
        </Button>
      )}
    </RecipeField>
  );
}
