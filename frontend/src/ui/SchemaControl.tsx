/** The control of one parameter, by the kind of its schema. */
import { ClassWeights, type Weights } from "./ClassWeights";
import { Input } from "./Input";
import { NumberInput } from "./NumberInput";
import { Named, NamedList } from "./SchemaNames";
import { SchemaObject } from "./SchemaObject";
import { Json, List } from "./SchemaText";
import { Segmented } from "./Segmented";
import { Select } from "./Select";
import { SizesInput } from "./SizesInput";
import { Switch } from "./Switch";
import { type JsonSchema, labelOf, type SchemaField, showValue } from "./schema";

/** An entry of the catalogue that a choice names. */
export interface Explained {
  readonly type: string;
  readonly title: string;
  readonly summary: string;
  readonly formula?: string | null;
  /** JSON Schema of its parameters, where it has some. */
  readonly params?: JsonSchema;
}

export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface ControlProps {
  field: SchemaField;
  id: string;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled?: boolean;
  invalid?: boolean;
  explained?: readonly Explained[];
  /** Those inside the value, with paths that begin there. */
  problems?: readonly FieldProblem[];
  /** For the choices inside the value. */
  catalog?: Readonly<Record<string, unknown>>;
}

export const NONE = "none";

export function SchemaControl(props: ControlProps) {
  const { field, id, value, onChange, disabled, invalid, explained } = props;
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
      if (field.names !== null && explained) return <Named {...props} known={explained} />;
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
    case "object":
      return (
        <SchemaObject
          {...props}
          names={kind.names ?? (explained ?? []).map(({ type }) => type)}
          bare={kind.names !== null}
        />
      );
    case "list":
      if (field.names !== null && explained) return <NamedList {...props} known={explained} />;
      return <List {...props} kind={kind} />;
    case "weights":
      return (
        <ClassWeights
          id={id}
          label={field.label}
          classes={explained?.map(({ type, summary }) => ({ name: type, hint: summary })) ?? null}
          value={(value ?? null) as Weights}
          onChange={onChange}
          none={{ label: labelOf(field.none) }}
          disabled={disabled}
        />
      );
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
  const letters = labels.reduce((sum, { label }) => sum + label.length, 0);
  // More would not stand side by side where the inspector is narrow.
  if (labels.length <= 3 && letters <= 20 && labels.every(({ label }) => label.length <= 9)) {
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
