/** One example typed in: a field for every input column. */
import { Dices, RotateCcw } from "lucide-react";
import { useId } from "react";
import { Button, cx, Input, NumberInput, Select, TextArea } from "../../ui";
import { type Cell, isUnseen, type Row, type RowField } from "./fields";

export interface RowFormProps {
  fields: readonly RowField[];
  row: Row;
  onChange(name: string, value: Cell): void;
  onSubmit(): void;
  onReset(): void;
  /** Fill in a row of the data, chosen at random; null where there are no data any more. */
  onSample: (() => void) | null;
  sampling: boolean;
}

export function RowForm(props: RowFormProps) {
  const { fields, row, onChange, onSubmit, onReset, onSample, sampling } = props;
  const id = useId();
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className="grid grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))] gap-x-4 gap-y-2.5">
        {fields.map((field) => (
          <div
            key={field.name}
            className={cx(
              "grid min-w-0 content-start gap-1",
              field.kind === "lines" && "col-span-full",
            )}
          >
            <label
              htmlFor={`${id}${field.name}`}
              title={field.hint ?? undefined}
              className="text-xs break-words text-ink-2"
            >
              {field.name}
            </label>
            <RowInput
              id={`${id}${field.name}`}
              field={field}
              value={row[field.name] ?? null}
              onChange={(value) => onChange(field.name, value)}
            />
            {isUnseen(field, row[field.name]) && (
              <p className="text-2xs text-warn">Outside of what the model has seen</p>
            )}
            {(row[field.name] ?? null) === null && (
              <p className="text-2xs text-ink-3">Missing: filled in as in training</p>
            )}
          </div>
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" size="sm">
          Predict
        </Button>
        {onSample && (
          <Button size="sm" icon={<Dices />} loading={sampling} onClick={onSample}>
            A row of the data
          </Button>
        )}
        <Button size="sm" variant="ghost" icon={<RotateCcw />} onClick={onReset}>
          Typical values
        </Button>
      </div>
    </form>
  );
}

interface RowInputProps {
  id: string;
  field: RowField;
  value: Cell;
  onChange(value: Cell): void;
}

const MISSING = "\u0001missing";

function RowInput({ id, field, value, onChange }: RowInputProps) {
  if (field.kind === "number") {
    return (
      <NumberInput
        id={id}
        value={typeof value === "number" ? value : null}
        onChange={onChange}
        step={field.whole ? 1 : stepOf(field.low, field.high)}
        placeholder="missing"
      />
    );
  }
  if (field.kind === "choice") {
    return (
      <Select
        id={id}
        value={value === null ? MISSING : String(value)}
        onChange={(next) => onChange(next === MISSING ? null : next)}
        options={[
          ...field.choices.map((choice) => ({ value: choice, label: choice || "(empty)" })),
          { value: MISSING, label: "missing" },
        ]}
      />
    );
  }
  if (field.kind === "lines") {
    return (
      <TextArea
        id={id}
        rows={4}
        value={value === null ? "" : String(value)}
        onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
      />
    );
  }
  return (
    <Input
      id={id}
      value={value === null ? "" : String(value)}
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
    />
  );
}

/** A hundredth of the range as a power of ten: 4.3 to 7.9 is walked in steps of 0.01. */
export function stepOf(low: number | null, high: number | null): number | "any" {
  if (low === null || high === null || !(high > low)) return "any";
  const step = Number(`1e${Math.floor(Math.log10((high - low) / 100))}`);
  // A whole step would forbid fractions, which the column has.
  return Number.isInteger(step) ? "any" : step;
}
