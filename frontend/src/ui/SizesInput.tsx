/** One number for all axes, or one or two for each; a button goes from one way to the next. */
import { Link2, Unlink2 } from "lucide-react";
import { IconButton } from "./IconButton";
import { NumberInput } from "./NumberInput";
import { compose, convert, formOf, numbersOf, type SizeForm, type SizeValue } from "./sizes";

export interface SizesInputProps {
  id: string;
  label: string;
  value: unknown;
  onChange: (value: SizeValue | null) => void;
  /** The ways to write the value, from one number to many. */
  forms: readonly SizeForm[];
  minimum?: number;
  maximum?: number;
  nullable?: boolean;
  placeholder?: string;
  disabled?: boolean;
  invalid?: boolean;
}

export function SizesInput({
  id,
  label,
  value,
  onChange,
  forms,
  minimum,
  maximum,
  nullable,
  placeholder,
  disabled,
  invalid,
}: SizesInputProps) {
  const written = formOf(value, forms);
  const form = written ?? forms[0] ?? [];
  const next = forms[(forms.indexOf(form) + 1) % forms.length] ?? form;
  const numbers = written ? numbersOf(value, form) : form.map(() => null);
  const change = (index: number, number: number | null) => {
    if (number === null) {
      if (nullable) onChange(null);
      return;
    }
    onChange(
      compose(
        form,
        form.map((_, place) => (place === index ? number : (numbers[place] ?? number))),
      ),
    );
  };
  const single = form.length === 1;
  return (
    <div className="flex items-center gap-1">
      <div className="grid min-w-0 flex-1 gap-1">
        {form.map((part, index) => (
          <div key={part.label} className="flex items-center gap-1.5">
            {!single && (
              <span aria-hidden="true" className="w-12 shrink-0 text-xs text-ink-3">
                {part.label}
              </span>
            )}
            <NumberInput
              id={index === 0 ? id : `${id}-${index}`}
              className="min-w-0 flex-1"
              aria-label={single ? undefined : `${label}, ${part.label}`}
              aria-invalid={invalid || undefined}
              value={numbers[index] ?? null}
              min={minimum}
              max={maximum}
              placeholder={placeholder}
              disabled={disabled}
              onChange={(number) => change(index, number)}
            />
          </div>
        ))}
      </div>
      {forms.length > 1 && (
        <IconButton
          label={
            next.length > form.length
              ? `Set ${listed(next)} apart`
              : `One size for ${form.length === 2 ? "both" : "all"}`
          }
          icon={single ? <Link2 /> : <Unlink2 />}
          size="sm"
          aria-pressed={single}
          disabled={disabled || !written}
          onClick={() => onChange(convert(value, form, next))}
        />
      )}
    </div>
  );
}

function listed(form: SizeForm): string {
  const labels = form.map((part) => part.label);
  return `${labels.slice(0, -1).join(", ")} and ${labels.at(-1)}`;
}
