/** How much examples count in the loss: by their class, and row by row. */
import { useId } from "react";
import type { Column, Description } from "../../api";
import { ClassWeights, formatPlural, Select, type WeighedClass, type Weights } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";

type Common = Omit<RecipeFieldProps, "label" | "children" | "htmlFor">;

export interface ClassWeightProps extends Common {
  classes: readonly WeighedClass[];
  value: Weights;
  onChange(value: Weights): void;
}

export function ClassWeightField({ classes, value, onChange, ...field }: ClassWeightProps) {
  const label = "Weights of the classes";
  return (
    <RecipeField {...field} label={label}>
      <ClassWeights
        label={label}
        classes={classes}
        value={value}
        onChange={onChange}
        none={{
          label: "Rows alike",
          words: "Every row counts the same, so a rare class counts for little.",
        }}
      />
    </RecipeField>
  );
}

/**
 * The classes of a target in the order of their codes, with how many rows each has. Labels are none:
 * an example has any number of them, so that no weight is its own.
 */
export function classesToWeigh(
  description: Description | null | undefined,
  target: string | null | undefined,
): WeighedClass[] {
  if (description?.labels_per_image) return [];
  const rows = (count: number | undefined) =>
    count === undefined ? undefined : formatPlural(count, "row");
  if (description?.kind === "images") {
    return (description.classes ?? []).map(({ name, count }) => ({ name, hint: rows(count) }));
  }
  const column = description?.columns?.find((each) => each.name === target);
  const counts = new Map(column?.distribution?.map(({ label, count }) => [label, count]));
  return (column?.categories ?? []).map((name) => ({ name, hint: rows(counts.get(name)) }));
}

const ALIKE = "";

export interface RowWeightProps extends Common {
  columns: readonly Column[];
  target: string | null | undefined;
  value: string | null | undefined;
  onChange(value: string | null): void;
}

/** A column whose numbers say how much each row counts; nothing where there is no such column. */
export function RowWeightField({ columns, target, value, onChange, ...field }: RowWeightProps) {
  const id = useId();
  const usable = columns.filter(
    ({ name, kind, minimum, maximum }) =>
      name !== target &&
      (kind === "number" || kind === "integer") &&
      (minimum ?? -1) >= 0 &&
      (maximum ?? 0) > 0,
  );
  const byRole = columns.find(({ role }) => role === "weight")?.name;
  if (usable.length === 0 && !value) return null;
  return (
    <RecipeField {...field} label="Weights of the rows" htmlFor={id}>
      <Select
        id={id}
        value={value ?? ALIKE}
        onChange={(next) => onChange(next === ALIKE ? null : next)}
        options={[
          { value: ALIKE, label: byRole ? `As its role says: ${byRole}` : "All alike" },
          ...usable.map(({ name }) => ({ value: name, label: name })),
        ]}
      />
    </RecipeField>
  );
}
