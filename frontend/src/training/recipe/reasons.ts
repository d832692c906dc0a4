/** Which reason of a proposal belongs to a field of the recipe. */
import type { Reason, Recipe } from "../../api";

/** Reasons name fields as ["recipe", field]; those of the network begin otherwise. */
export function reasonFor(
  reasons: readonly Reason[] | undefined,
  field: keyof Recipe,
): string | null {
  const found = reasons?.find(({ path }) => path[0] === "recipe" && path[1] === field);
  return found?.reason ?? null;
}
