/** What one example is: a row, a window of rows to forecast from, or a group of rows. */
import { useId } from "react";
import type { Column, Recipe, Sequence } from "../../api";
import { NumberInput, Select } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";
import { splitColumns } from "./split";

type Kind = "none" | NonNullable<Sequence["kind"]>;

export interface SequenceFieldProps extends Omit<RecipeFieldProps, "label" | "children"> {
  sequence: Recipe["sequence"];
  columns: readonly Column[];
  onChange(sequence: Recipe["sequence"]): void;
}

const KINDS: { value: Kind; label: string; hint: string }[] = [
  { value: "none", label: "Each row", hint: "The order of the rows means nothing" },
  {
    value: "windows",
    label: "Windows",
    hint: "Rows that follow each other, to predict a later one",
  },
  { value: "groups", label: "Groups", hint: "All rows of a group, to tell what it is" },
];
const FILE_ORDER = "\u0001file";

export function SequenceField({ sequence, columns, onChange, ...field }: SequenceFieldProps) {
  const id = useId();
  const steps = stepsOf(sequence);
  const kind: Kind = steps === null ? "none" : (steps.kind ?? "windows");
  const set = (change: Partial<Sequence>) => onChange({ ...steps, ...change });
  const choose = (next: Kind) =>
    onChange(next === "none" ? "none" : { kind: next, time: steps?.time, group: steps?.group });
  const times = splitColumns(columns, "time");
  const groups = splitColumns(columns, "group");
  // A column with the role is taken where none is named: then there is nothing else to choose.
  const free = (role: Column["role"]) => !columns.some((column) => column.role === role);
  const named = (list: readonly Column[]) =>
    list.map(({ name, kind: hint }) => ({ value: name, label: name, hint }));
  return (
    <RecipeField {...field} label="One example is" htmlFor={`${id}kind`}>
      <Select
        id={`${id}kind`}
        value={kind}
        onChange={(next) => choose(next as Kind)}
        options={KINDS}
      />
      {steps !== null && (
        <div className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-2.5 gap-y-2 text-ink-2">
          <Steps
            id={`${id}window`}
            label={kind === "windows" ? "Window" : "Length"}
            help={
              kind === "windows"
                ? "Rows of the past that the network sees"
                : "Shorter groups are filled up with zeros at their end, longer ones cut"
            }
            value={steps.window}
            onChange={(window) => set({ window })}
          />
          {kind === "windows" && (
            <>
              <Steps
                id={`${id}horizon`}
                label="Horizon"
                help="1 predicts the row right after the window"
                value={steps.horizon}
                onChange={(horizon) => set({ horizon })}
              />
              <Steps
                id={`${id}stride`}
                label="Stride"
                help="1 takes a window from every row on"
                value={steps.stride}
                onChange={(stride) => set({ stride })}
              />
            </>
          )}
          <label htmlFor={`${id}time`} title="The column that puts the rows in order">
            Time
          </label>
          <Select
            id={`${id}time`}
            value={steps.time ?? FILE_ORDER}
            onChange={(next) => set({ time: next === FILE_ORDER ? null : next })}
            options={[
              ...(free("time") ? [{ value: FILE_ORDER, label: "In file order" }] : []),
              ...named(times),
            ]}
          />
          <label htmlFor={`${id}group`} title="The column that tells which series a row belongs to">
            Group
          </label>
          <Select
            id={`${id}group`}
            value={steps.group ?? (kind === "windows" ? FILE_ORDER : undefined)}
            placeholder="Choose a column …"
            onChange={(next) => set({ group: next === FILE_ORDER ? null : next })}
            options={[
              ...(kind === "windows" && free("group")
                ? [{ value: FILE_ORDER, label: "One series" }]
                : []),
              ...named(groups.filter(({ name }) => name !== steps.time)),
            ]}
          />
        </div>
      )}
    </RecipeField>
  );
}

/** The sequence of a recipe that has one. */
export function stepsOf(sequence: Recipe["sequence"]): Sequence | null {
  return sequence === "none" ? null : (sequence ?? null);
}

interface StepsProps {
  id: string;
  label: string;
  help: string;
  value: number | null | undefined;
  onChange(value: number | null): void;
}

/** A number of rows; what is left empty is proposed. */
function Steps({ id, label, help, value, onChange }: StepsProps) {
  return (
    <>
      <label htmlFor={id} className="self-start pt-2">
        {label}
      </label>
      <div className="grid gap-1">
        <NumberInput
          id={id}
          unit="rows"
          min={1}
          max={100_000}
          step={1}
          value={value ?? null}
          placeholder="as proposed"
          onChange={onChange}
        />
        <p className="text-2xs text-ink-3">{help}</p>
      </div>
    </>
  );
}
