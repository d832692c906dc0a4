/** What the server refused of a recipe, by field. */
import { ApiError } from "../../api";

export interface RecipeProblem {
  /** Of the recipe: ["optimizer", "learning_rate"]. */
  path: readonly (string | number)[];
  message: string;
}

/** The problems that an error names; none when it is not about a document. */
export function recipeProblems(error: unknown): RecipeProblem[] {
  if (!(error instanceof ApiError)) return [];
  const { problems, where, message } = error.detail;
  const all = problems?.length ? problems : [{ where, message }];
  return all.map((problem) => {
    const path = problem.where?.path ?? [];
    return { path: path[0] === "recipe" ? path.slice(1) : path, message: problem.message };
  });
}

/** The problems inside one entry of a field that is a list, with their places in the entry. */
export function within(
  problems: readonly RecipeProblem[],
  field: string,
  index: number,
): RecipeProblem[] {
  return problems
    .filter(({ path }) => path[0] === field && path[1] === index)
    .map(({ path, message }) => ({ path: path.slice(2), message }));
}

/** The first problem whose place begins with a field. */
export function problemOf(problems: readonly RecipeProblem[], field: string): string | null {
  return problems.find(({ path }) => path[0] === field)?.message ?? null;
}
