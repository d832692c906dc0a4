/** A form for parameters, drawn from their JSON Schema. */
import { RotateCcw } from "lucide-react";
import { useEffect, useState } from "react";
import { cx } from "./cx";
import { Field } from "./Field";
import { IconButton } from "./IconButton";
import { controlClass, Input } from "./Input";
import { NumberInput } from "./NumberInput";
import { Segmented } from "./Segmented";
import { Select } from "./Select";
import { SizesInput } from "./SizesInput";
import { Switch } from "./Switch";
import { type JsonSchema, readFields, readNumbers, type SchemaField, showValue } from "./schema";

export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface SchemaFormProps {
  /** JSON Schema of an object of parameters, with defaults. */
  schema: JsonSchema;
  values: Readonly<Record<string, unknown>>;
  /** `undefined` takes the parameter back to its default. */
  onChange: (name: string, value: unknown) => void;
  /** Problems whose path begins with a parameter's name are shown at its field. */
  problems?: readonly FieldProblem[];
  /** Makes the ids of the controls unique in the page. */
  idPrefix: string;
  /** Show only these parameters. */
  only?: readonly string[];
  disabled?: boolean;
  /** The catalogue's lists, by the names that the schema refers to: they explain choices. */
  catalog?: Readonly<Record<string, unknown>>;
}

interface Explained {
  readonly type: string;
  readonly title: string;
  readonly summary: string;
}

const NONE = "none";

export function SchemaForm({
  schema,
  values,
  onChange,
  problems = [],
  idPrefix,
  only,
  disabled,
  catalog,
}: SchemaFormProps) {
  const fields = readFields(schema).filter((field) => !only || only.includes(field.name));
  return (
    <div className="grid gap-2.5">
      {fields.map((field) => (
        <SchemaRow
          key={field.name}
          field={field}
          id={`${idPrefix}-${field.name}`}
          value={Object.hasOwn(values, field.name) ? values[field.name] : field.default}
          changed={Object.hasOwn(values, field.name)}
          onChange={(value) => onChange(field.name, value)}
          problems={problems.filter((problem) => problem.path[0] === field.name)}
          disabled={disabled}
          explained={(field.catalog ? catalog?.[field.catalog] : undefined) as Explained[]}
        />
      ))}
    </div>
  );
}

interface ControlProps {
  field: SchemaField;
  id: string;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled?: boolean;
  invalid?: boolean;
  explained?: readonly Explained[];
}

function SchemaRow({
  changed,
  problems,
  ...control
}: ControlProps & { changed: boolean; problems: readonly FieldProblem[] }) {
  const { field, id, onChange, disabled } = control;
  const resettable = changed && !field.required;
  return (
    <Field
      label={field.label}
      hint={<Hint field={field} />}
      htmlFor={id}
      changed={resettable}
      error={
        problems.length > 0 && problems.map(({ message }) => <span key={message}>{message} </span>)
      }
    >
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1">
          <Control {...control} invalid={problems.length > 0} />
        </div>
        {resettable && (
          <IconButton
            label={`Back to ${showValue(field.default)}`}
            icon={<RotateCcw />}
            size="sm"
            disabled={disabled}
            onClick={() => onChange(undefined)}
          />
        )}
      </div>
    </Field>
  );
}

function Hint({ field }: { field: SchemaField }) {
  const { description, field: kind } = field;
  const ranged = kind.kind === "number" || kind.kind === "sizes" ? kind : {};
  const facts = [
    field.default !== undefined && `Default: ${showValue(field.default)}.`,
    "minimum" in ranged && ranged.minimum !== undefined && `At least ${ranged.minimum}.`,
    "maximum" in ranged && ranged.maximum !== undefined && `At most ${ranged.maximum}.`,
  ].filter(Boolean);
  return (
    <>
      {description}
      {description && !/[.!?]$/.test(description) && "."} {facts.join(" ")}
    </>
  );
}

function Control(props: ControlProps) {
  const { field, id, value, onChange, disabled, invalid } = props;
  const kind = field.field;
  switch (kind.kind) {
    case "boolean":
      return (
        <Switch
          id={id}
          label={field.label}
          checked={value === true}
          onChange={onChange}
          disabled={disabled}
        />
      );
    case "number":
      return (
        <>
          <NumberInput
            id={id}
            value={typeof value === "number" ? value : null}
            min={kind.minimum}
            max={kind.maximum}
            step={stepOf(kind)}
            placeholder={field.nullable ? NONE : undefined}
            disabled={disabled}
            aria-invalid={invalid || undefined}
            // An emptied field that must have a number waits for one.
            onChange={(next) => (next !== null || field.nullable ? onChange(next) : undefined)}
          />
          {kind.usual && typeof value === "number" && (
            <Slider
              label={field.label}
              value={value}
              usual={kind.usual}
              whole={kind.whole}
              onChange={onChange}
              disabled={disabled}
            />
          )}
        </>
      );
    case "choice":
      return <Choice {...props} options={kind.options} />;
    case "text":
      return (
        <Input
          id={id}
          value={typeof value === "string" ? value : ""}
          placeholder={field.nullable ? NONE : undefined}
          disabled={disabled}
          aria-invalid={invalid || undefined}
          onChange={(event) =>
            onChange(event.target.value === "" && field.nullable ? null : event.target.value)
          }
        />
      );
    case "sizes":
      return (
        <SizesInput
          id={id}
          label={field.label}
          value={value}
          onChange={onChange}
          forms={kind.forms}
          minimum={kind.minimum}
          maximum={kind.maximum}
          nullable={field.nullable}
          placeholder={field.nullable ? NONE : undefined}
          disabled={disabled}
          invalid={invalid}
        />
      );
    case "list":
      return <List {...props} items={kind.items} minimum={kind.minimum} />;
    case "json":
      return <Json {...props} />;
  }
}

/**
 * A slider over what people usually choose. Ranges over several sizes go in even ratios, so that
 * small numbers have as much room as large ones. The field above takes what lies outside.
 */
function Slider({
  label,
  value,
  usual: [low, high],
  whole,
  onChange,
  disabled,
}: {
  label: string;
  value: number;
  usual: readonly [number, number];
  whole: boolean;
  onChange: (value: number) => void;
  disabled?: boolean;
}) {
  const even = low > 0 && high / low > 50;
  const place = even ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const at = (share: number) => {
    const number = even ? low * (high / low) ** share : low + share * (high - low);
    return whole ? Math.round(number) : Number(number.toPrecision(2));
  };
  return (
    <input
      type="range"
      aria-label={`${label}, slider`}
      aria-valuetext={showValue(value)}
      min={0}
      max={1}
      step={0.005}
      value={Number.isFinite(place) ? Math.min(1, Math.max(0, place)) : 0}
      disabled={disabled}
      tabIndex={-1}
      onChange={(event) => onChange(at(Number(event.target.value)))}
      className="mt-1 block h-3.5 w-full cursor-pointer accent-accent"
    />
  );
}

/** A share between 0 and 1 goes in twentieths, other fractions by a tenth of themselves. */
function stepOf(kind: { whole: boolean; minimum?: number; maximum?: number }): number | "any" {
  if (kind.whole) return 1;
  return kind.maximum !== undefined && kind.maximum <= 1 && (kind.minimum ?? -1) >= 0
    ? 0.05
    : "any";
}

function Choice({
  field,
  id,
  value,
  onChange,
  options,
  disabled,
  invalid,
  explained,
}: ControlProps & { options: readonly (string | number | boolean)[] }) {
  const shown = field.nullable ? [null, ...options] : options;
  const labels = shown.map((option) => ({
    value: String(option ?? NONE),
    label: showValue(option),
    hint: explained?.find((entry) => entry.type === option)?.summary,
  }));
  const choose = (label: string) =>
    onChange(shown.find((option) => String(option ?? NONE) === label) ?? null);
  const current = String(value ?? NONE);
  if (labels.length <= 3 && labels.every(({ label }) => label.length <= 9)) {
    return (
      <Segmented
        id={id}
        label={field.label}
        value={current}
        onChange={choose}
        options={labels.map((option) => ({ ...option, disabled }))}
      />
    );
  }
  return (
    <Select
      id={id}
      value={current}
      onChange={choose}
      options={labels}
      disabled={disabled}
      invalid={invalid}
    />
  );
}

/** A text that is taken over when it can be read; until then it says what was expected. */
function Typed({
  id,
  shown,
  read,
  expected,
  onChange,
  disabled,
  placeholder,
  invalid,
  lines,
}: {
  id: string;
  shown: string;
  read: (text: string) => { value: unknown } | null;
  expected: string;
  onChange: (value: unknown) => void;
  disabled?: boolean;
  placeholder?: string;
  invalid?: boolean;
  lines?: number;
}) {
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const wrong = read(text) === null;
  const props = {
    id,
    value: text,
    disabled,
    placeholder,
    spellCheck: false,
    "aria-invalid": wrong || invalid || undefined,
    "aria-describedby": wrong ? `${id}-expected` : undefined,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onBlur: () => {
      const typed = read(text);
      if (typed && text !== shown) onChange(typed.value);
    },
  };
  return (
    <>
      {lines ? (
        <textarea
          {...props}
          rows={lines}
          className={cx(controlClass, "h-auto py-1.5 font-mono text-xs")}
        />
      ) : (
        <Input
          {...props}
          className="font-mono text-xs"
          onKeyDown={(event) => {
            if (event.key === "Enter") props.onBlur();
          }}
        />
      )}
      {wrong && (
        <p id={`${id}-expected`} className="mt-1 text-xs text-bad">
          {expected}
        </p>
      )}
    </>
  );
}

function List({
  field,
  id,
  value,
  onChange,
  items,
  minimum,
  disabled,
  invalid,
}: ControlProps & { items: "whole" | "number" | "text"; minimum?: number }) {
  const values = Array.isArray(value) ? value : null;
  if (items === "text") {
    return (
      <Typed
        id={id}
        shown={values?.join("\n") ?? ""}
        lines={Math.min(6, Math.max(2, values?.length ?? 0))}
        placeholder={field.nullable ? "all, or one a line" : "one a line"}
        expected="Expected one a line."
        read={(text) => {
          const lines = text.split("\n").filter((line) => line.trim() !== "");
          return { value: lines.length === 0 && field.nullable ? null : lines };
        }}
        onChange={onChange}
        disabled={disabled}
        invalid={invalid}
      />
    );
  }
  const whole = items === "whole";
  return (
    <Typed
      id={id}
      shown={values?.join(" × ") ?? ""}
      placeholder={field.nullable ? "from the data" : "such as 1 × 28 × 28"}
      expected={`Expected ${whole ? "whole numbers" : "numbers"} such as 1 × 28 × 28.`}
      read={(text) => {
        const numbers = readNumbers(text, whole, minimum);
        if (!numbers) return null;
        if (numbers.length === 0) return field.nullable ? { value: null } : null;
        return { value: numbers };
      }}
      onChange={onChange}
      disabled={disabled}
      invalid={invalid}
    />
  );
}

function Json({ id, value, onChange, disabled, invalid }: ControlProps) {
  return (
    <Typed
      id={id}
      shown={value === undefined ? "" : JSON.stringify(value)}
      lines={2}
      expected='Expected JSON, such as 3, "same" or [1, 2].'
      read={(text) => {
        if (text.trim() === "") return { value: undefined };
        try {
          return { value: JSON.parse(text) as unknown };
        } catch {
          return null;
        }
      }}
      onChange={onChange}
      disabled={disabled}
      invalid={invalid}
    />
  );
}
