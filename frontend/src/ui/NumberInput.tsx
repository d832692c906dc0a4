/** A field for a number, typed or stepped. */
import { Minus, Plus } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, useEffect, useState } from "react";
import { cx } from "./cx";
import { controlClass } from "./Input";

export interface NumberInputProps
  extends Omit<ComponentProps<"input">, "value" | "onChange" | "min" | "max" | "step" | "type"> {
  value: number | null;
  /** null when the field is emptied. Called only with numbers inside `min` and `max`. */
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  /** Whole numbers when it is a whole number; what the arrow keys and buttons add. Default 1. */
  step?: number | "any";
  /** Unit shown after the number. */
  unit?: string;
}

/** "1e-3", "0,5" and " 12 " are numbers; "12px" and "" are not. */
function parse(text: string): number | null {
  const cleaned = text.trim().replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cleaned)) return null;
  const number = Number(cleaned);
  return Number.isFinite(number) ? number : null;
}

/** Without an exponent, which has no place in these attributes; nothing where there is no number. */
function plain(number: number | null): number | undefined {
  const has = number !== null && Number.isFinite(number) && !String(number).includes("e");
  return has ? number : undefined;
}

/** Free of the dust of binary fractions: 0.1 + 0.2 is 0.3. */
function tidy(number: number): number {
  return Number(number.toPrecision(12));
}

export function NumberInput({
  value,
  onChange,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  step = 1,
  unit,
  className,
  disabled,
  onBlur,
  ...rest
}: NumberInputProps) {
  const shown = value === null ? "" : String(value);
  const [draft, setDraft] = useState(shown);
  const whole = step !== "any" && Number.isInteger(step);

  const accepts = (number: number) =>
    number >= min && number <= max && (!whole || Number.isInteger(number));

  // A value set from outside replaces the draft; one that the draft already says does not,
  // so that "1." or "1e" can be typed on.
  useEffect(() => {
    setDraft((text) => (parse(text) === value && !(text === "" && value !== null) ? text : shown));
  }, [value, shown]);

  const typed = parse(draft);
  const invalid = draft.trim() !== "" && (typed === null || !accepts(typed));

  const nudge = (direction: 1 | -1, factor = 1) => {
    const by = step === "any" ? Math.abs(value ?? 1) / 10 || 0.1 : step;
    const next = Math.min(max, Math.max(min, tidy((value ?? 0) + direction * by * factor)));
    setDraft(String(next));
    onChange(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    nudge(event.key === "ArrowUp" ? 1 : -1, event.shiftKey ? 10 : 1);
  };

  return (
    <div className={cx("group relative flex items-center", className)}>
      <input
        {...rest}
        type="text"
        inputMode={whole ? "numeric" : "decimal"}
        role="spinbutton"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        aria-valuenow={plain(value)}
        aria-valuetext={shown || undefined}
        aria-valuemin={plain(min)}
        aria-valuemax={plain(max)}
        aria-invalid={rest["aria-invalid"] ?? (invalid || undefined)}
        value={draft}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          const text = event.target.value;
          setDraft(text);
          const number = parse(text);
          if (text.trim() === "") onChange(null);
          else if (number !== null && accepts(number)) onChange(number);
        }}
        onBlur={(event) => {
          if (invalid) {
            const nearest =
              typed === null
                ? null
                : Math.min(max, Math.max(min, whole ? Math.round(typed) : typed));
            setDraft(nearest === null ? shown : String(nearest));
            if (nearest !== null) onChange(nearest);
          }
          onBlur?.(event);
        }}
        className={cx(controlClass, "pr-14 font-mono text-xs")}
      />
      <span className="pointer-events-none absolute right-14 text-xs text-ink-3">{unit}</span>
      <span className="absolute right-1 flex text-ink-3">
        <Nudge label="Less" disabled={disabled || (value ?? 0) <= min} onClick={() => nudge(-1)}>
          <Minus className="size-3" />
        </Nudge>
        <Nudge label="More" disabled={disabled || (value ?? 0) >= max} onClick={() => nudge(1)}>
          <Plus className="size-3" />
        </Nudge>
      </span>
    </div>
  );
}

/** For the pointer only: the keyboard has the arrow keys. */
function Nudge({ label, ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      {...rest}
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      title={label}
      className="grid size-6 place-items-center rounded-sm hover:bg-sunken hover:text-ink disabled:opacity-40 dark:hover:bg-raised"
    />
  );
}
