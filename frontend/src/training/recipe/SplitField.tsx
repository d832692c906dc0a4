/** How the rows are dealt out: to learn from, to judge each epoch, to judge the end. */
import { useId } from "react";
import type { Split } from "../../api";
import { formatCount, NumberInput, Switch } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";
import { type Parts, parts } from "./split";

export interface SplitFieldProps extends Omit<RecipeFieldProps, "label" | "children"> {
  split: Split;
  rows: number;
  noun: string;
  /** Only classes can keep their shares. */
  classes: boolean;
  onChange(split: Split): void;
}

export function SplitField({ split, rows, noun, classes, onChange, ...field }: SplitFieldProps) {
  const id = useId();
  const set = (change: Partial<Split>) => onChange({ ...split, ...change });
  const percent = (share: number | undefined) => Number(((share ?? 0) * 100).toPrecision(6));
  return (
    <RecipeField {...field} label="Split">
      <PartsBar parts={parts(rows, split)} noun={noun} />
      <div className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-2.5 gap-y-2 text-ink-2">
        <label htmlFor={`${id}validation`}>Validation</label>
        <NumberInput
          id={`${id}validation`}
          unit="%"
          min={0}
          max={99}
          step={1}
          value={percent(split.validation)}
          onChange={(value) => set({ validation: (value ?? 0) / 100 })}
        />
        <label htmlFor={`${id}test`}>Test</label>
        <NumberInput
          id={`${id}test`}
          unit="%"
          min={0}
          max={99}
          step={1}
          value={percent(split.test)}
          onChange={(value) => set({ test: (value ?? 0) / 100 })}
        />
        <label htmlFor={`${id}shuffle`}>Shuffle first</label>
        <Switch
          id={`${id}shuffle`}
          checked={split.shuffle ?? true}
          onChange={(shuffle) => set({ shuffle })}
        />
        {classes && (
          <>
            <label htmlFor={`${id}stratify`}>Keep class shares</label>
            <Switch
              id={`${id}stratify`}
              checked={split.stratify ?? true}
              onChange={(stratify) => set({ stratify })}
            />
          </>
        )}
        <label htmlFor={`${id}seed`}>Seed</label>
        <NumberInput
          id={`${id}seed`}
          min={0}
          max={2 ** 32 - 1}
          value={split.seed ?? 0}
          onChange={(seed) => set({ seed: seed ?? 0 })}
        />
      </div>
    </RecipeField>
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
