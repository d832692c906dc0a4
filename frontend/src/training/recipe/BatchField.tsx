/** How many rows make a step: the three kinds of gradient descent. */
import { useId } from "react";
import { NumberInput, Segmented } from "../../ui";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";

type Batch = number | "all";
type Kind = "all" | "mini" | "one";

const KINDS: Record<Kind, { label: string; words: string }> = {
  all: {
    label: "Full batch",
    words: "Gradient descent: every step looks at all rows. Smooth, but few steps.",
  },
  mini: {
    label: "Mini-batch",
    words: "Mini-batch gradient descent: every step looks at a few rows. Fast, a little noisy.",
  },
  one: {
    label: "Stochastic",
    words: "Stochastic gradient descent: every step looks at one row. Many noisy steps.",
  },
};

const USUAL = 32;

export interface BatchFieldProps extends Omit<RecipeFieldProps, "label" | "children" | "htmlFor"> {
  value: Batch | null | undefined;
  /** What "Mini-batch" starts from. */
  proposed: Batch | null | undefined;
  onChange(value: Batch): void;
}

export function BatchField({ value, proposed, onChange, ...field }: BatchFieldProps) {
  const id = useId();
  const kind: Kind = value === "all" ? "all" : value === 1 ? "one" : "mini";
  const mini = typeof proposed === "number" && proposed > 1 ? proposed : USUAL;
  const values: Record<Kind, Batch> = { all: "all", mini, one: 1 };
  return (
    <RecipeField {...field} label="Batch size" htmlFor={kind === "mini" ? id : undefined}>
      <Segmented<Kind>
        label="Kind of gradient descent"
        value={kind}
        onChange={(next) => onChange(values[next])}
        options={(Object.keys(KINDS) as Kind[]).map((each) => ({
          value: each,
          label: KINDS[each].label,
          title: KINDS[each].words,
        }))}
      />
      {kind === "mini" && (
        <NumberInput
          id={id}
          unit="rows"
          min={1}
          max={1_000_000}
          value={typeof value === "number" ? value : null}
          onChange={(next) => next !== null && onChange(next)}
        />
      )}
      <p className="text-xs text-ink-2">{KINDS[kind].words}</p>
    </RecipeField>
  );
}
