/** The user's choices on top of a proposal: what is shown, what was changed, what goes back. */
import type { Catalog, Description, EarlyStopping, Objective, Recipe } from "../../api";

/** The recipe in effect: the user's choices, and the proposal where there is none. */
export function inEffect(recipe: Recipe, proposed: Recipe | undefined): Recipe {
  const chosen = Object.entries(recipe).filter(([, value]) => value !== null);
  return { ...proposed, ...Object.fromEntries(chosen) };
}

/** Choose a value; null leaves the field to the proposal again. */
export function choose<Field extends keyof Recipe>(
  recipe: Recipe,
  field: Field,
  value: Recipe[Field] | null,
): Recipe {
  const { [field]: _, ...rest } = recipe;
  return value === null || value === undefined ? rest : { ...rest, [field]: value };
}

export function isChosen(recipe: Recipe, field: keyof Recipe): boolean {
  return recipe[field] !== null && recipe[field] !== undefined;
}

/** What may end training before the last epoch. */
export function stoppingRule({ early_stopping: early }: Recipe): EarlyStopping | null {
  return early === "none" ? null : (early ?? null);
}

/** How many classes a target has; null for a number, or when it is not known. */
export function classesOf(
  description: Description | null | undefined,
  target: string | null | undefined,
): number | null {
  if (description?.kind === "images") return description.classes?.length || null;
  const column = description?.columns?.find((each) => each.name === target);
  return column?.categories?.length ?? null;
}

/** Whether a loss or a metric is for this task and so many classes, as far as they are known. */
export function suits(
  type: Catalog["losses"][number],
  task: Recipe["task"],
  classes: number | null,
): boolean {
  if (task && type.tasks && !type.tasks.includes(task)) return false;
  // Of several labels each is a yes or no of its own.
  if (task === "multilabel") return true;
  return type.classes !== "two" || classes === null || classes === 2;
}

/** The parameters of an objective that are not its type's defaults. */
export function ownParams(
  objective: Objective | null | undefined,
  schema: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  const { type: _, ...params } = objective ?? { type: "" };
  const properties = (schema?.properties ?? {}) as Record<string, { default?: unknown }>;
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => {
      const standard = properties[name]?.default ?? null;
      return JSON.stringify(value) !== JSON.stringify(standard);
    }),
  );
}

/** An objective with one parameter changed; undefined takes it back to its default. */
export function withParam(
  type: string,
  own: Record<string, unknown>,
  name: string,
  value: unknown,
) {
  const { [name]: _, ...rest } = own;
  return (value === undefined ? { type, ...rest } : { type, ...rest, [name]: value }) as Objective;
}
