/** One of several things by name; one that has parameters unfolds them below. */
import { type ControlProps, NONE } from "./SchemaControl";
import { SchemaForm } from "./SchemaForm";
import { Select } from "./Select";
import { readFields, showValue } from "./schema";

/**
 * The value is an object of the name, as `type`, and the parameters that are not at their defaults;
 * where it may be `bare` and there are none, the name alone.
 */
export function SchemaObject({
  field,
  id,
  value,
  onChange,
  names,
  bare,
  disabled,
  invalid,
  explained,
  problems,
  catalog,
}: ControlProps & { names: readonly string[]; bare: boolean }) {
  const { type, own } = read(value);
  const entry = explained?.find((each) => each.type === type);
  const unfolds = entry?.params && readFields(entry.params).length > 0;
  const change = (name: string, next: unknown) => {
    const { [name]: _, ...rest } = own;
    const params = next === undefined ? rest : { ...rest, [name]: next };
    onChange(told(type, params));
  };
  const told = (name: string | null, params: Record<string, unknown>) =>
    bare && Object.keys(params).length === 0 ? name : { type: name, ...params };
  return (
    <div className="grid gap-1.5">
      <Select
        id={id}
        value={type ?? NONE}
        onChange={(next) => onChange(next === NONE ? null : told(next, {}))}
        options={[...(field.nullable ? [NONE] : []), ...names].map((name) => ({
          value: name,
          label: name === NONE ? field.none : showValue(name),
          hint: explained?.find((each) => each.type === name)?.summary,
        }))}
        disabled={disabled}
        invalid={invalid}
      />
      {entry?.params && unfolds && (
        <fieldset className="rounded-lg bg-sunken px-2.5 py-2">
          <legend className="sr-only">
            {field.label}, {entry.title}
          </legend>
          {entry.formula && (
            <p className="mb-2 overflow-x-auto font-mono text-2xs text-ink-2">{entry.formula}</p>
          )}
          <SchemaForm
            schema={entry.params}
            values={own}
            onChange={change}
            problems={problems}
            idPrefix={id}
            disabled={disabled}
            catalog={catalog}
          />
        </fieldset>
      )}
    </div>
  );
}

function read(value: unknown): { type: string | null; own: Record<string, unknown> } {
  if (typeof value === "string") return { type: value, own: {} };
  if (typeof value !== "object" || value === null) return { type: null, own: {} };
  const { type, ...own } = value as Record<string, unknown>;
  return { type: typeof type === "string" ? type : null, own };
}
