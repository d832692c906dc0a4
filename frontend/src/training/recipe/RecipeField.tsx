/** One setting of the recipe: its control, why it has its value, and the way back to the proposal. */
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import type { Recipe } from "../../api";
import { choose, isChosen } from "./choices";
import { ProblemNote } from "./ProblemNote";
import { problemOf, type RecipeProblem } from "./problems";

export interface RecipeFieldProps {
  label: string;
  htmlFor?: string;
  /** Why the proposal is what it is; shown while nothing else was chosen. */
  reason: string | null;
  /** Chosen by the user, so no longer the proposal. */
  changed: boolean;
  onReset(): void;
  error?: RecipeProblem | null;
  children: ReactNode;
}

/** A part of a recipe's form: what is chosen, what is in effect, and what there is to say of it. */
export interface RecipePart {
  recipe: Recipe;
  shown: Recipe;
  reason(field: keyof Recipe): string | null;
  problems: readonly RecipeProblem[];
  onChange(recipe: Recipe): void;
}

/** What a field shows of itself, whatever its control: by the name that it has in the recipe. */
export function fieldsOf({ recipe, reason, problems, onChange }: Omit<RecipePart, "shown">) {
  return (field: keyof Recipe) => ({
    reason: reason(field),
    changed: isChosen(recipe, field),
    onReset: () => onChange(choose(recipe, field, null)),
    error: problemOf(problems, field),
  });
}

export function RecipeField(props: RecipeFieldProps) {
  const { label, htmlFor, reason, changed, onReset, error, children } = props;
  return (
    <div className="grid gap-1.5">
      <div className="flex min-h-6 items-center justify-between gap-2">
        {htmlFor ? (
          <label htmlFor={htmlFor} className="font-[550]">
            {label}
          </label>
        ) : (
          <span className="font-[550]">{label}</span>
        )}
        {changed && (
          <button
            type="button"
            onClick={onReset}
            aria-label={`${label}: back to the proposed value`}
            title="Back to the proposed value"
            className="inline-flex items-center gap-1 rounded-sm text-xs text-accent hover:underline"
          >
            <span aria-hidden="true" className="size-1.5 rounded-full bg-accent" />
            changed by you
            <RotateCcw aria-hidden="true" className="size-3" />
          </button>
        )}
      </div>
      {children}
      {error ? (
        <ProblemNote problem={error} />
      ) : (
        !changed && reason && <p className="text-xs text-ink-3">{reason}</p>
      )}
    </div>
  );
}
