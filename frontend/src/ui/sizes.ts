/** Values of one number for all axes, or one for each, or two for each: read from a JSON Schema. */
import type { JsonSchema } from "./schema";

/** One of the numbers: where it is in the value, and what it is called, such as "height". */
export interface SizePart {
  readonly path: readonly number[];
  readonly label: string;
}

/** The numbers of one way to write the value: a single one, at no path, stands for all. */
export type SizeForm = readonly SizePart[];
export type SizeValue = number | readonly SizeValue[];

/** The form that a schema describes: a whole number, or fixed lists of such; null for others. */
export function readForm(
  schema: JsonSchema,
  path: readonly number[] = [],
  label = "",
): SizeForm | null {
  if (schema.type === "integer") return [{ path, label }];
  const entries = schema.type === "array" ? entriesOf(schema) : null;
  if (!entries) return null;
  const parts = entries.map((entry, index) =>
    readForm(entry, [...path, index], titleOf(entry) ?? `${label} ${index + 1}`.trim()),
  );
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

/** The first whole number in a schema that `readForm` reads: it has the bounds of all. */
export function firstNumber(schema: JsonSchema): JsonSchema {
  const [entry] = entriesOf(schema) ?? [];
  return schema.type === "integer" || !entry ? schema : firstNumber(entry);
}

/** The form that a value has; undefined when it has none of these. */
export function formOf(value: unknown, forms: readonly SizeForm[]): SizeForm | undefined {
  return forms.find(
    (form) =>
      form.every((part) => typeof at(value, part.path) === "number") &&
      count(value) === form.length,
  );
}

/** The numbers of a value in the order of its form. */
export function numbersOf(value: unknown, form: SizeForm): number[] {
  return form.map((part) => at(value, part.path) as number);
}

/** The value of this form with these numbers. */
export function compose(form: SizeForm, numbers: readonly number[]): SizeValue {
  const [only] = form;
  if (form.length === 1 && only?.path.length === 0) return numbers[0] ?? 0;
  const groups = new Map<number, { form: SizePart[]; numbers: number[] }>();
  form.forEach((part, index) => {
    const [first = 0, ...rest] = part.path;
    const group = groups.get(first) ?? { form: [], numbers: [] };
    group.form.push({ ...part, path: rest });
    group.numbers.push(numbers[index] ?? 0);
    groups.set(first, group);
  });
  return [...groups.values()].map((group) => compose(group.form, group.numbers));
}

/** A value in another form: a number that stood for several is repeated, of several one is kept. */
export function convert(value: unknown, from: SizeForm, to: SizeForm): SizeValue {
  const numbers = numbersOf(value, from);
  return compose(
    to,
    to.map((part) => numbers[from.findIndex((old) => related(old.path, part.path))] ?? 0),
  );
}

function related(one: readonly number[], other: readonly number[]): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((step, index) => step === other[index]);
}

function entriesOf(schema: JsonSchema): JsonSchema[] | null {
  const { minItems, maxItems, prefixItems, items } = schema;
  if (typeof minItems !== "number" || minItems !== maxItems) return null;
  if (Array.isArray(prefixItems) && prefixItems.length === minItems) return prefixItems;
  return isSchema(items) ? Array.from({ length: minItems }, () => items) : null;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function titleOf(schema: JsonSchema): string | undefined {
  return typeof schema.title === "string" ? schema.title.toLowerCase() : undefined;
}

function at(value: unknown, path: readonly number[]): unknown {
  return path.reduce<unknown>((inner, step) => (Array.isArray(inner) ? inner[step] : null), value);
}

function count(value: unknown): number {
  return Array.isArray(value) ? value.reduce((sum: number, entry) => sum + count(entry), 0) : 1;
}
