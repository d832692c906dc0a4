/** A recipe in one breath. */
import type { Recipe } from "../api";
import { formatCount, formatPercent, formatPlural } from "../ui";
import { stoppingRule } from "./recipe/choices";

/** "Up to 100 epochs in batches of 32 with Adam. 20% of the data judge …" */
export function plan(recipe: Recipe): string {
  const { epochs, batch_size, optimizer, split, target } = recipe;
  const batches =
    batch_size === "all"
      ? " with all rows in every step"
      : batch_size === 1
        ? " with one row a step"
        : batch_size
          ? ` in batches of ${formatCount(batch_size)}`
          : "";
  const length = epochs
    ? `${stoppingRule(recipe) ? "Up to " : ""}${formatPlural(epochs, "epoch")}`
    : "Training";
  const kept = split?.test
    ? ` ${formatPercent(split.test, 0)} of the data are kept aside for the final test.`
    : "";
  const learned = target ? ` to learn “${target}”` : "";
  return `${length}${batches}${optimizer ? ` with ${optimizer.type}` : ""}${learned}.${kept}`;
}
