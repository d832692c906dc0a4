/** A form for parameters, drawn from their JSON Schema. */
import { ChevronRight, RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Field } from "./Field";
import { IconButton } from "./IconButton";
import {
  type ControlProps,
  type Explained,
  type FieldProblem,
  SchemaControl,
} from "./SchemaControl";
import { type JsonSchema, readFields, type SchemaField, showDefault } from "./schema";

export type { FieldProblem } from "./SchemaControl";

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
  /** What stands beside a field, by the parameter's name. */
  beside?: (name: string) => ReactNode;
  /** The catalogue's lists, by the names that the schema refers to: they explain choices. */
  catalog?: Readonly<Record<string, unknown>>;
}

export function SchemaForm({
  schema,
  values,
  onChange,
  problems = [],
  idPrefix,
  only,
  disabled,
  beside,
  catalog,
}: SchemaFormProps) {
  const fields = readFields(schema).filter((field) => !only || only.includes(field.name));
  const sections = [...new Set(fields.map((field) => field.section))].filter((name) => name !== "");
  const isChanged = (field: SchemaField) => Object.hasOwn(values, field.name);
  const problemsOf = (field: SchemaField) =>
    problems.filter((problem) => problem.path[0] === field.name);
  const row = (field: SchemaField) => (
    <SchemaRow
      key={field.name}
      field={field}
      id={`${idPrefix}-${field.name}`}
      value={isChanged(field) ? values[field.name] : field.default}
      changed={isChanged(field)}
      onChange={(value) => onChange(field.name, value)}
      problems={problemsOf(field)}
      disabled={disabled}
      beside={beside?.(field.name)}
      catalog={catalog}
      explained={catalog?.[field.names ?? field.catalog ?? ""] as Explained[] | undefined}
    />
  );
  return (
    <div className="grid gap-2.5">
      {fields.filter((field) => field.section === "").map(row)}
      {sections.map((section) => {
        const inside = fields.filter((field) => field.section === section);
        return (
          <SchemaSection
            key={section}
            title={section}
            changed={inside.filter(isChanged).length}
            troubled={inside.some((field) => problemsOf(field).length > 0)}
          >
            {inside.map(row)}
          </SchemaSection>
        );
      })}
    </div>
  );
}

/** Parameters that are rarely changed: folded away, unless one is changed or has a problem. */
function SchemaSection({
  title,
  changed,
  troubled,
  children,
}: {
  title: string;
  changed: number;
  troubled: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(changed > 0);
  return (
    <details
      open={open || troubled}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group"
    >
      <summary className="flex cursor-pointer list-none items-center gap-1.5 py-0.5 text-ink-2">
        <ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
        {title}
        {changed > 0 && <span className="text-2xs text-accent">{changed} changed</span>}
      </summary>
      <div className="mt-1.5 grid gap-2.5">{children}</div>
    </details>
  );
}

function SchemaRow({
  changed,
  problems,
  beside,
  ...control
}: ControlProps & { changed: boolean; problems: readonly FieldProblem[]; beside: ReactNode }) {
  const { field, id, onChange, disabled } = control;
  const resettable = changed && !field.required;
  // What lies inside an object stands at the parameter that it is about.
  const inside = (problem: FieldProblem) =>
    field.field.kind === "object" && problem.path.length > 1;
  const own = problems.filter((problem) => !inside(problem));
  return (
    <Field
      label={field.label}
      hint={<Hint field={field} />}
      htmlFor={id}
      changed={resettable}
      stacked={
        field.field.kind === "object" ||
        field.field.kind === "weights" ||
        (field.field.kind === "list" && !!field.names)
      }
      error={own.length > 0 && own.map(({ message }) => <span key={message}>{message} </span>)}
    >
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <SchemaControl
            {...control}
            invalid={own.length > 0}
            problems={problems
              .filter(inside)
              .map(({ path, message }) => ({ message, path: path.slice(1) }))}
          />
          {field.presets.length > 0 && <Presets {...control} />}
        </div>
        <div className="grid shrink-0">
          {beside}
          {resettable && (
            <IconButton
              label={`Back to ${showDefault(field)}`}
              icon={<RotateCcw />}
              size="sm"
              disabled={disabled}
              onClick={() => onChange(undefined)}
            />
          )}
        </div>
      </div>
    </Field>
  );
}

/** Values that many choose, one click away. */
function Presets({ field, value, onChange, disabled }: ControlProps) {
  return (
    <div className="mt-1 flex flex-wrap gap-1">
      {field.presets.map((preset) => (
        <button
          key={preset.label}
          type="button"
          disabled={disabled}
          aria-pressed={JSON.stringify(preset.value) === JSON.stringify(value)}
          onClick={() => onChange(preset.value)}
          className="rounded-full border border-line px-2 py-0.5 text-2xs text-ink-2 hover:text-ink aria-pressed:border-accent aria-pressed:text-accent"
        >
          {preset.label}
        </button>
      ))}
    </div>
  );
}

function Hint({ field }: { field: SchemaField }) {
  const { description, field: kind } = field;
  const ranged = kind.kind === "number" || kind.kind === "sizes" ? kind : {};
  const facts = [
    field.default !== undefined && `Default: ${showDefault(field)}.`,
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
