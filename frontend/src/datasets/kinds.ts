/** The kinds and roles of columns, in words. */
import type { Column } from "../api";

export type Kind = Column["kind"];
export type Role = Column["role"];
/** A role to choose: a target may be one more, or replace those that are there. */
export type Choice = Role | typeof FURTHER;
export const FURTHER = "further target";

/** Kinds that someone may choose; the others are only ever found. */
export const KINDS: { value: Kind; label: string; hint: string }[] = [
  { value: "number", label: "number", hint: "Measured; any value" },
  { value: "integer", label: "integer", hint: "Counted; whole numbers" },
  { value: "boolean", label: "yes or no", hint: "One of two values" },
  { value: "category", label: "category", hint: "One of a few names" },
  { value: "text", label: "text", hint: "Sentences; their words or pieces of them are used" },
  { value: "date", label: "date", hint: "A day or a moment; its parts are used" },
  { value: "identifier", label: "identifier", hint: "Names its row; nothing to learn from" },
];

const FOUND_ONLY: Partial<Record<Kind, { label: string; hint: string }>> = {
  constant: { label: "constant", hint: "The same everywhere; nothing to learn from" },
  empty: { label: "empty", hint: "No values at all" },
};

/** The kinds to choose from for a column, its own included. */
export function kindOptions(kind: Kind) {
  const own = FOUND_ONLY[kind];
  return own ? [{ value: kind, ...own }, ...KINDS] : KINDS;
}

export const ROLES: { value: Choice; label: string; hint: string }[] = [
  { value: "input", label: "input", hint: "The network sees it" },
  { value: "target", label: "target", hint: "The network learns to predict it" },
  { value: "time", label: "time", hint: "When each row is; the latest rows are the test" },
  { value: "group", label: "group", hint: "What belongs together; no group is in two parts" },
  { value: "weight", label: "weight", hint: "How much each row counts in the loss" },
  { value: "ignore", label: "ignore", hint: "Left out" },
];

/** The roles to choose from; with a target elsewhere, a further one can be chosen as well. */
export function roleOptions(role: Role, targetElsewhere: boolean) {
  const further: { value: Choice; label: string; hint: string } = {
    value: FURTHER,
    label: "further target",
    hint: "Predicted as well, at an Output of its own",
  };
  if (role === "target" || !targetElsewhere) return ROLES;
  return ROLES.flatMap((option) => (option.value === "target" ? [option, further] : [option]));
}
