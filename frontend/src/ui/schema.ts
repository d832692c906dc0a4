/** A JSON Schema of parameters, read as form fields. */
import { firstNumber, readForm, type SizeForm } from "./sizes";

export type FieldKind =
  | { readonly kind: "boolean" }
  | {
      readonly kind: "number";
      readonly whole: boolean;
      readonly minimum?: number;
      readonly maximum?: number;
      /** What people usually choose: the ends of a slider. */
      readonly usual?: readonly [number, number];
    }
  | { readonly kind: "choice"; readonly options: readonly (string | number | boolean)[] }
  | { readonly kind: "text" }
  /** Whole numbers in fixed places: one for all axes, or one or two for each. */
  | {
      readonly kind: "sizes";
      readonly minimum?: number;
      readonly maximum?: number;
      /** The ways to write the value, from the fewest numbers to the most. */
      readonly forms: readonly SizeForm[];
    }
  | {
      readonly kind: "list";
      readonly items: "whole" | "number" | "text";
      readonly minimum?: number;
      /** One of them may stand alone, not in a list. */
      readonly single?: boolean;
      /** Values one after another, not sizes. */
      readonly series?: boolean;
      /** Some may be left open: null, written as "any". */
      readonly open?: boolean;
    }
  /**
   * One of these names, or an object of such a name as `type`, and parameters. Without names the
   * catalogue's list has them, and the value is an object always.
   */
  | { readonly kind: "object"; readonly names: readonly string[] | null }
  /** A number for each of some classes, or "balanced". */
  | { readonly kind: "weights" }
  /** Anything else is edited as JSON. */
  | { readonly kind: "json" };

/** A value that is one click away, and what it is called. */
export interface Preset {
  readonly label: string;
  readonly value: unknown;
}

export interface SchemaField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly default: unknown;
  /** The catalogue's list that explains the choices, such as "activations". */
  readonly catalog: string | null;
  /** The list that holds what may be named here, such as "columns": of the data or the catalogue. */
  readonly names: string | null;
  /** What it is called that there is no value. */
  readonly none: string;
  /** The section of the form that it belongs to; "" for none. */
  readonly section: string;
  readonly presets: readonly Preset[];
  readonly field: FieldKind;
}

const NONE = "none";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The fields of an object schema, in its order. */
export function readFields(schema: JsonSchema): SchemaField[] {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(properties).map(([name, property]) => {
    const own = isSchema(property) ? property : {};
    const resolved = { ...resolve(own, schema), ...without(own, "$ref") };
    const { nullable, rest } = splitNull(resolved, schema);
    return {
      name,
      label: labelOf(name),
      description: typeof resolved.description === "string" ? resolved.description : "",
      required: required.has(name),
      nullable,
      default: resolved.default,
      section: isText(resolved["x-section"]) ? resolved["x-section"] : "",
      presets: Array.isArray(resolved["x-presets"]) ? resolved["x-presets"].filter(isPreset) : [],
      none: isText(resolved["x-none"]) ? resolved["x-none"] : NONE,
      names: isText(resolved["x-names"]) ? resolved["x-names"] : null,
      catalog: [resolved, ...rest].map((part) => part["x-catalog"]).find(isText) ?? null,
      field: withSeries(withUsual(kindOf(rest, schema), [resolved, ...rest]), resolved),
    };
  });
}

/** "kernel_size" → "Kernel size" */
export function labelOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value in one short line, as a node or a hint shows it; whole numbers in a list are sizes. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return NONE;
  if (Array.isArray(value)) {
    return value.every(Number.isInteger) ? value.join("×") : value.map(showValue).join(", ");
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") {
    const { type } = value as { type?: unknown };
    return typeof type === "string" ? type : JSON.stringify(value);
  }
  return String(value);
}

/** The default of a field in one short line. */
export function showDefault({ default: value, field, none }: SchemaField): string {
  if (value === null) return none;
  const series = field.kind === "list" && field.series && Array.isArray(value);
  return series ? value.join(", ") : showValue(value);
}

function isPreset(value: unknown): value is Preset {
  return isSchema(value) && isText(value.label) && "value" in value;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function withUsual(field: FieldKind, parts: readonly JsonSchema[]): FieldKind {
  const range = parts.map((part) => part["x-range"]).find(Array.isArray);
  if (field.kind !== "number" || !range) return field;
  const [low, high] = range;
  const usable = typeof low === "number" && typeof high === "number" && low < high;
  return usable ? { ...field, usual: [low, high] } : field;
}

function withSeries(field: FieldKind, schema: JsonSchema): FieldKind {
  return field.kind === "list" && schema["x-series"] === true ? { ...field, series: true } : field;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function without(schema: JsonSchema, key: string): JsonSchema {
  const { [key]: _, ...rest } = schema;
  return rest;
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema.$ref;
  if (typeof reference !== "string") return schema;
  let found: unknown = root;
  for (const part of reference.replace(/^#\//, "").split("/")) {
    found = isSchema(found) ? found[part] : undefined;
  }
  return isSchema(found) ? found : {};
}

function splitNull(
  schema: JsonSchema,
  root: JsonSchema,
): { nullable: boolean; rest: readonly JsonSchema[] } {
  const parts = alternatives(schema, root);
  const rest = parts.filter((part) => part.type !== "null" && part.const !== null);
  return { nullable: rest.length < parts.length, rest };
}

function alternatives(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const options = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(options)) return [schema];
  return options
    .filter(isSchema)
    .map((option) => resolve(option, root))
    .flatMap((option) => alternatives(option, root));
}

function kindOf(parts: readonly JsonSchema[], root: JsonSchema): FieldKind {
  const [first] = parts;
  if (!first) return { kind: "json" };
  const choices = parts.map(choicesOf);
  if (choices.every((options) => options.length > 0)) {
    return { kind: "choice", options: choices.flat() };
  }
  const sizes = sizesOf(parts);
  if (sizes) return sizes;
  if (parts.length === 1) return simpleKind(first, root);
  const names = choices.find((options) => options.length > 0)?.filter(isText);
  if (parts.length === 2 && names?.join() === "balanced" && parts.some(isNumbersByName)) {
    return { kind: "weights" };
  }
  if (parts.length === 2 && names && parts.some((part) => isNamed(part))) {
    return { kind: "object", names };
  }
  const [one, many] = parts.map((part) => simpleKind(part, root));
  if (parts.length === 2 && one?.kind === "number" && many?.kind === "list") {
    return { ...many, single: true };
  }
  // An integer or a number is a number.
  if (parts.every((part) => part.type === "integer" || part.type === "number")) {
    return { kind: "number", whole: false, ...range(first) };
  }
  return { kind: "json" };
}

/** Whether a schema is of an object whose `type` is one of several names. */
function isNamed(schema: JsonSchema): boolean {
  const type = isSchema(schema.properties) ? schema.properties.type : undefined;
  return isSchema(type) && choicesOf(type).length > 0;
}

/** Whether a schema is of an object that has a number under each of any names. */
function isNumbersByName({ additionalProperties: values }: JsonSchema): boolean {
  return isSchema(values) && values.type === "number";
}

function choicesOf(schema: JsonSchema): (string | number | boolean)[] {
  const values = "const" in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : [];
  return values.filter((value) => ["string", "number", "boolean"].includes(typeof value));
}

function simpleKind(schema: JsonSchema, root: JsonSchema): FieldKind {
  switch (schema.type) {
    case "boolean":
      return { kind: "boolean" };
    case "integer":
      return { kind: "number", whole: true, ...range(schema) };
    case "number":
      return { kind: "number", whole: false, ...range(schema) };
    case "string":
      return { kind: "text" };
    case "array": {
      const { nullable, rest } = splitNull(isSchema(schema.items) ? schema.items : {}, root);
      const items = rest.length === 1 && rest[0] ? rest[0] : {};
      const { minimum } = range(items);
      if (nullable && items.type !== "integer") return { kind: "json" };
      if (nullable) return { kind: "list", items: "whole", minimum, open: true };
      if (items.type === "integer") return { kind: "list", items: "whole", minimum };
      if (items.type === "number") return { kind: "list", items: "number", minimum };
      if (items.type === "string") return { kind: "list", items: "text" };
      return { kind: "json" };
    }
    case "object": {
      const type = isSchema(schema.properties) ? schema.properties.type : undefined;
      return isSchema(type) && type.type === "string"
        ? { kind: "object", names: null }
        : { kind: "json" };
    }
    default:
      return { kind: "json" };
  }
}

function sizesOf(parts: readonly JsonSchema[]): FieldKind | null {
  const forms = parts.map((part) => readForm(part));
  if (!forms.every((form) => form !== null) || !parts[0]) return null;
  const bounds = range(firstNumber(parts[0]));
  const sorted = forms.toSorted((one, other) => one.length - other.length);
  // A list of one number is that number.
  const single = sorted.some((form) => form[0]?.path.length === 0);
  const distinct = sorted.filter(
    (form) => !single || form.length > 1 || form[0]?.path.length === 0,
  );
  if (single && distinct.length === 1) return { kind: "number", whole: true, ...bounds };
  return { kind: "sizes", forms: distinct, ...bounds };
}

function range(schema: JsonSchema): { minimum?: number; maximum?: number } {
  const whole = schema.type === "integer" ? 1 : 0;
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  const above = number(schema.exclusiveMinimum);
  const below = number(schema.exclusiveMaximum);
  return {
    minimum: number(schema.minimum) ?? (above === undefined ? undefined : above + whole),
    maximum: number(schema.maximum) ?? (below === undefined ? undefined : below - whole),
  };
}
