/** What was changed of a recipe in mid-run, in words. */
import type { RecipeChange } from "../api";
import { formatNumber } from "../ui";

/** "learning rate 0.01, 50 epochs, patience 5" */
export function changeInWords({
  learning_rate,
  epochs,
  max_steps,
  max_seconds,
  early_stopping,
}: RecipeChange): string {
  const early =
    early_stopping === "none"
      ? "no early stopping"
      : early_stopping && `patience ${early_stopping.patience ?? "as usual"}`;
  return [
    learning_rate != null && `learning rate ${formatNumber(learning_rate, 6)}`,
    epochs != null && `${epochs} epochs`,
    max_steps != null && `at most ${max_steps} steps`,
    max_seconds != null && `at most ${max_seconds} s`,
    early,
  ]
    .filter(Boolean)
    .join(", ");
}
