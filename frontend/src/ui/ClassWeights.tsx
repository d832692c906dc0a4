/** How much the examples of each class count: as they are, balanced, or each by its own number. */
import { X } from "lucide-react";
import { useId } from "react";
import { IconButton } from "./IconButton";
import { NumberInput } from "./NumberInput";
import { Segmented } from "./Segmented";

/** By the classes' names; null: nothing is said. */
export type Weights = Readonly<Record<string, number>> | "balanced" | null;

/** A class, and what is known of it, such as how many rows it has. */
export interface WeighedClass {
  name: string;
  hint?: string;
}

export interface ClassWeightsProps {
  id?: string;
  label: string;
  /** null: not known yet. */
  classes: readonly WeighedClass[] | null;
  value: Weights;
  onChange(value: Weights): void;
  /** What it is called that nothing is said, and what it means. */
  none: { label: string; words?: string };
  disabled?: boolean;
}

type Kind = "none" | "balanced" | "own";

const LARGEST = 1e6;

export function ClassWeights(props: ClassWeightsProps) {
  const { id, label, value, onChange, none, disabled } = props;
  const classes = props.classes ?? [];
  const rows = useId();
  const kind: Kind = value === "balanced" ? "balanced" : value ? "own" : "none";
  const own = typeof value === "object" && value !== null ? value : {};
  const choices: Record<Kind, { label: string; words?: string; value: Weights }> = {
    none: { ...none, value: null },
    balanced: {
      label: "Balanced",
      words: "Every class counts the same: rows of a rare class count for more.",
      value: "balanced",
    },
    own: {
      label: "Own",
      words:
        classes.length > 0
          ? "How much a row of each class counts."
          : "There are no classes to weigh.",
      value: Object.fromEntries(classes.map(({ name }) => [name, 1])),
    },
  };
  const possible: Record<Kind, boolean> = {
    none: true,
    balanced: props.classes === null || classes.length > 0,
    own: classes.length > 0,
  };
  const lost = Object.keys(own).filter((each) => !classes.some(({ name }) => name === each));
  return (
    <div className="grid gap-1.5">
      <Segmented<Kind>
        id={id}
        label={label}
        value={kind}
        onChange={(next) => next !== kind && onChange(choices[next].value)}
        options={(["none", "balanced", "own"] as const).map((each) => ({
          value: each,
          label: choices[each].label,
          title: choices[each].words,
          disabled: disabled || (each !== kind && !possible[each]),
        }))}
      />
      {choices[kind].words && <p className="text-xs text-ink-2">{choices[kind].words}</p>}
      {kind === "own" && (
        <ul className="grid max-h-64 grid-cols-[minmax(0,1fr)] gap-1.5 overflow-y-auto">
          {classes.map(({ name, hint }, place) => (
            <li key={name} className="grid grid-cols-[minmax(0,1fr)_7.5rem] items-center gap-2">
              <label htmlFor={`${rows}${place}`} className="break-words">
                {name} {hint && <span className="inline-block text-xs text-ink-3">{hint}</span>}
              </label>
              <NumberInput
                id={`${rows}${place}`}
                min={0}
                max={LARGEST}
                step="any"
                value={own[name] ?? 1}
                disabled={disabled}
                onChange={(weight) => weight !== null && onChange({ ...own, [name]: weight })}
              />
            </li>
          ))}
          {lost.map((name) => (
            <li key={name} className="flex items-center justify-between gap-2">
              <span className="min-w-0 truncate text-ink-2" title={name}>
                {name} <span className="text-xs text-ink-3">no class of the target</span>
              </span>
              <IconButton
                label={`Take ${name} away`}
                icon={<X />}
                size="sm"
                disabled={disabled}
                onClick={() => {
                  const { [name]: _, ...rest } = own;
                  onChange(Object.keys(rest).length > 0 ? rest : null);
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
