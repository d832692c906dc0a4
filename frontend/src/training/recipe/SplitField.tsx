/** How the rows are dealt out: to learn from, to judge each epoch, to judge the end. */
import { useId } from "react";
import type { Column, Split } from "../../api";
import { formatCount, NumberInput, Select, Switch } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";
import { likelySplitColumn, type Parts, parts, splitColumns } from "./split";

export interface SplitFieldProps extends Omit<RecipeFieldProps, "label" | "children"> {
  split: Split;
  rows: number;
  noun: string;
  /** Only classes can keep their shares. */
  classes: boolean;
  /** Of a table, by which its rows can be split. */
  columns: readonly Column[];
  /** Whether the data bring a split along. */
  given?: boolean;
  /** What one example is, where rows are steps. */
  steps?: "windows" | "groups" | null;
  onChange(split: Split): void;
}

type By = NonNullable<Split["by"]>;

const BY: { value: By; label: string; hint: string }[] = [
  { value: "rows", label: "Rows", hint: "Each row by itself" },
  { value: "group", label: "Groups", hint: "What belongs together stays in one part" },
  {
    value: "time",
    label: "Time",
    hint: "The latest rows are the test, those before them validate",
  },
  { value: "column", label: "A column", hint: "Its values say train, validation or test" },
];
const STEPS: typeof BY = [
  { value: "time", label: "Time", hint: "The latest are the test; no row is in two parts" },
  { value: "group", label: "Groups", hint: "Each group as a whole" },
  { value: "column", label: "A column", hint: "Its values say train, validation or test" },
];
const GIVEN: typeof BY = [
  { value: "given", label: "As given", hint: "The data say what trains and what tests" },
  { value: "rows", label: "Anew", hint: "Each image by itself, whatever the data say" },
];

export function SplitField(props: SplitFieldProps) {
  const { split, rows, noun, classes, columns, given = false, onChange, ...field } = props;
  const { steps = null, ...rest } = field;
  const id = useId();
  const by = split.by ?? (given ? "given" : "rows");
  // Columns of time and group, and the gap between parts, follow from the sequence.
  const own = steps !== null && by !== "column" ? { column: null, gap: 0 } : {};
  const set = (change: Partial<Split>) => onChange({ ...split, ...own, ...change });
  const choose = (next: By) => {
    if (steps !== null && next !== "column") {
      onChange({ ...split, by: next, column: null, gap: 0 });
      return;
    }
    const column = likelySplitColumn(columns, next)?.name ?? null;
    onChange({ ...split, by: next, column, gap: next === "time" ? (split.gap ?? 0) : 0 });
  };
  const grouped = by === "group" || by === "stratified_group";
  const known = splitColumns(columns, by);
  return (
    <RecipeField {...rest} label="Split">
      <PartsBar parts={parts(rows, split)} noun={noun} />
      <div className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-2.5 gap-y-2 text-ink-2">
        {(columns.length > 0 || given) && (
          <>
            <label htmlFor={`${id}by`}>Divide by</label>
            <Select
              id={`${id}by`}
              value={grouped ? "group" : by}
              onChange={(next) => choose(next as By)}
              options={
                given
                  ? GIVEN
                  : (steps === null ? BY : STEPS).map((option) => ({
                      ...option,
                      disabled:
                        !(steps !== null && option.value === "time") &&
                        option.value !== "rows" &&
                        !splitColumns(columns, option.value).length,
                    }))
              }
            />
          </>
        )}
        {by !== "rows" && by !== "given" && (steps === null || by === "column") && (
          <>
            <label htmlFor={`${id}column`}>Column</label>
            <Select
              id={`${id}column`}
              value={split.column ?? undefined}
              placeholder="Choose a column …"
              onChange={(column) => set({ column })}
              options={known.map(({ name, kind }) => ({ value: name, label: name, hint: kind }))}
            />
          </>
        )}
        {by !== "column" && by !== "given" && (
          <>
            <label htmlFor={`${id}validation`}>Validation</label>
            <Share
              id={`${id}validation`}
              share={split.validation}
              onChange={(validation) => set({ validation })}
            />
            <label htmlFor={`${id}test`}>Test</label>
            <Share id={`${id}test`} share={split.test} onChange={(test) => set({ test })} />
          </>
        )}
        {by === "time" && steps === null && (
          <>
            <label htmlFor={`${id}gap`}>Gap</label>
            <NumberInput
              id={`${id}gap`}
              unit="rows"
              min={0}
              max={1_000_000_000}
              value={split.gap ?? 0}
              onChange={(gap) => set({ gap: gap ?? 0 })}
            />
          </>
        )}
        {(by === "rows" || grouped) && (
          <>
            <label htmlFor={`${id}shuffle`}>Shuffle first</label>
            <Switch
              id={`${id}shuffle`}
              checked={split.shuffle ?? true}
              onChange={(shuffle) => set({ shuffle })}
            />
          </>
        )}
        {classes && (by === "rows" || grouped) && (
          <>
            <label htmlFor={`${id}stratify`}>Keep class shares</label>
            <Switch
              id={`${id}stratify`}
              checked={grouped ? by === "stratified_group" : (split.stratify ?? true)}
              onChange={(keep) =>
                set(grouped ? { by: keep ? "stratified_group" : "group" } : { stratify: keep })
              }
            />
          </>
        )}
        {(by === "rows" || grouped) && (
          <>
            <label htmlFor={`${id}seed`}>Seed</label>
            <NumberInput
              id={`${id}seed`}
              min={0}
              max={2 ** 32 - 1}
              value={split.seed ?? 0}
              onChange={(seed) => set({ seed: seed ?? 0 })}
            />
          </>
        )}
      </div>
    </RecipeField>
  );
}

interface ShareProps {
  id: string;
  share: number | undefined;
  onChange(share: number): void;
}

/** A share of the rows, in percent. */
function Share({ id, share, onChange }: ShareProps) {
  return (
    <NumberInput
      id={id}
      unit="%"
      min={0}
      max={99}
      step={1}
      value={Number(((share ?? 0) * 100).toPrecision(6))}
      onChange={(value) => onChange((value ?? 0) / 100)}
    />
  );
}

const PARTS: { part: keyof Parts; label: string; color: string }[] = [
  { part: "train", label: "to learn from", color: "var(--curve-train)" },
  { part: "validation", label: "judge each epoch", color: "var(--curve-validation)" },
  { part: "test", label: "kept for the test", color: "var(--ink-3)" },
];

/** The parts in proportion, each with its count. */
function PartsBar({ parts, noun }: { parts: Parts; noun: string }) {
  return (
    <div className="grid gap-1.5">
      <div aria-hidden="true" className="flex h-2.5 gap-0.5 overflow-hidden rounded-full">
        {PARTS.map(({ part, color }) => (
          <span key={part} style={{ flexGrow: parts[part], background: color }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 text-xs text-ink-2">
        {PARTS.map(({ part, label, color }) => (
          <li key={part} className="inline-flex items-center gap-1.5">
            <span
              aria-hidden="true"
              className="size-2 rounded-full"
              style={{ background: color }}
            />
            about {formatCount(parts[part])} {noun} {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
