/** Controls for names that a list outside the schema holds, such as the columns of the data. */
import { Button } from "./Button";
import type { ControlProps, Explained } from "./SchemaControl";
import { Select } from "./Select";

type NamesProps = ControlProps & { known: readonly Explained[] };

/** No name of a column can be this. */
const NONE = "\u0001none";

/** One of them, or none where that is allowed. */
export function Named({ field, id, value, onChange, known, disabled, invalid }: NamesProps) {
  const current = typeof value === "string" ? value : NONE;
  const options = known.map(({ type, summary }) => ({ value: type, label: type, hint: summary }));
  // A name that is not there any more is shown: the check says what is wrong with it.
  if (current !== NONE && !known.some(({ type }) => type === current)) {
    options.push({ value: current, label: current, hint: "not there" });
  }
  return (
    <Select
      id={id}
      value={current}
      onChange={(next) => onChange(next === NONE ? null : next)}
      options={field.nullable ? [{ value: NONE, label: "not chosen here" }, ...options] : options}
      disabled={disabled}
      invalid={invalid}
    />
  );
}

/** Any number of them, in their own order. */
export function NamedList({ field, id, value, onChange, known, disabled }: NamesProps) {
  const values = Array.isArray(value) ? value.map(String) : [];
  const lost = values.filter((name) => !known.some(({ type }) => type === name));
  const shown = [...known, ...lost.map((type) => ({ type, title: type, summary: "not there" }))];
  const toggle = (name: string, on: boolean) => {
    const next = shown
      .map(({ type }) => type)
      .filter((type) => (type === name ? on : values.includes(type)));
    onChange(next.length === 0 && field.nullable ? null : next);
  };
  return (
    <fieldset id={id} className="grid gap-1">
      <legend className="sr-only">{field.label}</legend>
      <ul className="grid max-h-56 gap-px overflow-y-auto rounded-lg border border-line py-1">
        {shown.map(({ type, summary }) => (
          <li key={type} className="flex items-center gap-2.5 px-2.5 py-1 hover:bg-sunken">
            <input
              id={`${id}-${type}`}
              type="checkbox"
              checked={values.includes(type)}
              disabled={disabled}
              onChange={(event) => toggle(type, event.target.checked)}
              className="size-3.5 shrink-0 accent-accent"
            />
            <label
              htmlFor={`${id}-${type}`}
              className="flex min-w-0 flex-1 items-baseline justify-between gap-2 text-xs"
            >
              <span className="min-w-0 break-words">{type}</span>
              <span className="shrink-0 text-ink-3">{summary}</span>
            </label>
          </li>
        ))}
      </ul>
      <p className="flex items-center justify-between text-2xs text-ink-3">
        {values.length === 0 ? "None named: all that are left" : `${values.length} named`}
        {values.length > 0 && field.nullable && (
          <Button size="sm" variant="ghost" disabled={disabled} onClick={() => onChange(null)}>
            Name none
          </Button>
        )}
      </p>
    </fieldset>
  );
}
