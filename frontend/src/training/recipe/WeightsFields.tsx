/** How much examples count in the loss: by their class, and row by row. */
import { useId } from "react";
import type { Column, Description, Recipe } from "../../api";
import { formatCount, NumberInput, Segmented, Select } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";

type Common = Omit<RecipeFieldProps, "label" | "children" | "htmlFor">;
type Weights = Recipe["class_weight"];
type Kind = "alike" | "balanced" | "own";

const KINDS: Record<Kind, { label: string; words: string }> = {
  alike: {
    label: "Rows alike",
    words: "Every row counts the same, so a rare class counts for little.",
  },
  balanced: {
    label: "Balanced",
    words: "Every class counts the same: rows of a rare class count for more.",
  },
  own: { label: "Own", words: "How much a row of each class counts." },
};
const LARGEST = 1e6;

export interface ClassWeightProps extends Common {
  /** Names of the classes, with how many rows each has where that is known. */
  classes: readonly { name: string; count: number | null }[];
  value: Weights;
  onChange(value: Weights): void;
}

export function ClassWeightField({ classes, value, onChange, ...field }: ClassWeightProps) {
  const id = useId();
  const kind: Kind = value === "balanced" ? "balanced" : value ? "own" : "alike";
  const own = typeof value === "object" && value !== null ? value : {};
  const values: Record<Kind, Weights> = {
    alike: null,
    balanced: "balanced",
    own: Object.fromEntries(classes.map(({ name }) => [name, 1])),
  };
  return (
    <RecipeField {...field} label="Weights of the classes">
      <Segmented<Kind>
        label="Weights of the classes"
        value={kind}
        onChange={(next) => next !== kind && onChange(values[next])}
        options={(Object.keys(KINDS) as Kind[]).map((each) => ({
          value: each,
          label: KINDS[each].label,
          title: KINDS[each].words,
        }))}
      />
      <p className="text-xs text-ink-2">{KINDS[kind].words}</p>
      {kind === "own" && (
        <ul className="grid max-h-64 gap-1.5 overflow-y-auto">
          {classes.map(({ name, count }, place) => (
            <li key={name} className="grid grid-cols-[minmax(0,1fr)_7.5rem] items-center gap-2">
              <label htmlFor={`${id}${place}`} className="truncate" title={name}>
                {name}
                {count !== null && (
                  <span className="text-xs text-ink-3"> {formatCount(count)} rows</span>
                )}
              </label>
              <NumberInput
                id={`${id}${place}`}
                min={0}
                max={LARGEST}
                step="any"
                value={own[name] ?? 1}
                onChange={(weight) => weight !== null && onChange({ ...own, [name]: weight })}
              />
            </li>
          ))}
        </ul>
      )}
    </RecipeField>
  );
}

/** The classes of a target, in the order of their codes. */
export function classesWithCounts(
  description: Description | null | undefined,
  target: string | null | undefined,
): { name: string; count: number | null }[] {
  if (description?.kind === "images") return description.classes ?? [];
  const column = description?.columns?.find((each) => each.name === target);
  const counts = new Map(column?.distribution?.map(({ label, count }) => [label, count]));
  return (column?.categories ?? []).map((name) => ({ name, count: counts.get(name) ?? null }));
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
