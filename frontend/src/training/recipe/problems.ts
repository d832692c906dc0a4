/** What the server refused of a recipe, by field. */
import { ApiError, type Fix, type Recipe } from "../../api";

export interface RecipeProblem {
  /** Of the recipe: ["optimizer", "learning_rate"]. */
  path: readonly (string | number)[];
  message: string;
  fix?: Fix | null;
}

/** The problems that an error names; none when it is not about a document. */
export function recipeProblems(error: unknown): RecipeProblem[] {
  if (!(error instanceof ApiError)) return [];
  const { problems, where, message } = error.detail;
  const all = problems?.length ? problems : [{ where, message, fix: null }];
  return all.map(({ where, message, fix }) => {
    const path = where?.path ?? [];
    return { path: path[0] === "recipe" ? path.slice(1) : path, message, fix };
  });
}

/** The recipe with a fix applied; null where the fix is about something else, too. */
export function fixedRecipe(recipe: Recipe, fix: Fix): Recipe | null {
  let fixed = recipe;
  for (const change of fix.changes) {
    if (change.op !== "set_recipe") return null;
    fixed = { ...fixed, ...change.values };
  }
  // What is null is left to the proposal again.
  return Object.fromEntries(Object.entries(fixed).filter(([, value]) => value !== null));
}

/** The problems inside one entry of a field that is a list, with their places in the entry. */
export function within(
  problems: readonly RecipeProblem[],
  field: string,
  index: number,
): RecipeProblem[] {
  return problems
    .filter(({ path }) => path[0] === field && path[1] === index)
    .map((problem) => ({ ...problem, path: problem.path.slice(2) }));
}

/** The first problem whose place begins with a field. */
export function problemOf(problems: readonly RecipeProblem[], field: string): RecipeProblem | null {
  return problems.find(({ path }) => path[0] === field) ?? null;
}
