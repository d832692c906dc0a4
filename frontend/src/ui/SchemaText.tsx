/** Controls for values that are typed as text: lists of numbers or of lines, and anything as JSON. */
import { useEffect, useState } from "react";
import { cx } from "./cx";
import { controlClass, Input } from "./Input";
import { readNumbers, readOpen } from "./numbers";
import { type ControlProps, NONE } from "./SchemaControl";
import { type FieldKind, showDefault } from "./schema";

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

export function List({
  field,
  id,
  value,
  onChange,
  kind: { items, minimum, single, series, open },
  disabled,
  invalid,
}: ControlProps & { kind: Extract<FieldKind, { kind: "list" }> }) {
  const values = Array.isArray(value) ? value : single && value != null ? [value] : null;
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
  const example = series
    ? showDefault(field)
    : open
      ? "any, 1, 4"
      : single
        ? "0, 1"
        : "1 × 28 × 28";
  return (
    <Typed
      id={id}
      shown={
        values?.map((entry) => entry ?? "any").join(single || series || open ? ", " : " × ") ?? ""
      }
      placeholder={
        field.nullable ? (single || open ? NONE : "from the data") : `such as ${example}`
      }
      expected={`Expected ${whole ? "whole numbers" : "numbers"} such as ${example}.`}
      read={(text) => {
        const numbers = open ? readOpen(text, minimum) : readNumbers(text, whole, minimum);
        if (!numbers) return null;
        if (numbers.length === 0) return field.nullable ? { value: null } : null;
        return { value: single && numbers.length === 1 ? numbers[0] : numbers };
      }}
      onChange={onChange}
      disabled={disabled}
      invalid={invalid}
    />
  );
}

export function Json({ id, value, onChange, disabled, invalid }: ControlProps) {
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
