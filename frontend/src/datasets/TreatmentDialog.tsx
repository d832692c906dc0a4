/** How one column is prepared for a network: missing values, scale, categories, dates. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { Column, ColumnPatch, Treatment } from "../api";
import { catalogQuery } from "../api/queries";
import { Button, Dialog, ErrorNotice, Field, Input, NumberInput, Select, Switch } from "../ui";
import { CategoryOrder } from "./CategoryOrder";
import { TextTreatment } from "./TextTreatment";
import { chosenOf, optionsFor, type Field as TreatmentField } from "./treatment";

export interface TreatmentDialogProps {
  column: Column;
  saving: boolean;
  error: unknown;
  onSave: (patch: ColumnPatch) => void;
  onClose: () => void;
}

const PROPOSED = "";

/** How one column is prepared for a network; what is left open is proposed. */
export function TreatmentDialog({ column, saving, error, onSave, onClose }: TreatmentDialogProps) {
  const id = useId();
  const { data: catalog } = useQuery(catalogQuery());
  const [draft, setDraft] = useState<Treatment>(column.treatment ?? {});
  const [format, setFormat] = useState(column.date_format ?? undefined);
  const options = catalog?.treatments ?? [];
  const set = (change: Treatment) => setDraft((before) => ({ ...before, ...change }));
  const formats = column.date_formats ?? [];
  const ordinal = draft.encoding === "ordinal";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { fill_value: fill, order, ...rest } = draft;
    const treatment = chosenOf({
      ...rest,
      fill_value: rest.missing === "constant" ? fill : null,
      order: ordinal ? order : null,
    });
    const moved = format !== undefined && format !== column.date_format;
    onSave({ name: column.name, treatment, ...(moved ? { date_format: format } : {}) });
  };

  const choice = (field: Exclude<TreatmentField, "parts">, label: string, hint: string) => {
    const known = optionsFor(options, field, column.kind);
    if (!known.length) return null;
    const proposed = known.find(({ value }) => value === proposedOf(column, field));
    return (
      <Field label={label} hint={hint} htmlFor={`${id}${field}`} changed={draft[field] != null}>
        <Select
          id={`${id}${field}`}
          value={draft[field] ?? PROPOSED}
          onChange={(value) => set({ [field]: value === PROPOSED ? null : value })}
          options={[
            {
              value: PROPOSED,
              label: proposed ? `As proposed: ${proposed.title.toLowerCase()}` : "As proposed",
              hint: proposed?.summary,
            },
            ...known.map(({ value, title, summary }) => ({ value, label: title, hint: summary })),
          ]}
        />
      </Field>
    );
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`How “${column.name}” enters a network`}
      description="Learnt from the training part only, and part of the model. The data stays as it is; runs that are there keep what they were trained with."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={id} loading={saving}>
            Save
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-3 pt-1">
        {error != null && <ErrorNotice error={error} title="The column was not changed" />}
        {formats.length > 1 && (
          <Field
            label="Written as"
            hint="Every one of these reads all values; only you can know which is meant."
            htmlFor={`${id}format`}
          >
            <Select
              id={`${id}format`}
              value={format}
              onChange={setFormat}
              options={formats.map((value) => ({ value, label: inWords(value) }))}
            />
          </Field>
        )}
        {choice("encoding", "Categories", "How names become numbers")}
        {ordinal && (
          <CategoryOrder
            categories={column.categories ?? []}
            order={draft.order ?? null}
            onChange={(order) => set({ order })}
          />
        )}
        {choice("tokenizer", "Tokens", "How a text is cut into pieces that a network knows")}
        {column.kind === "text" && <TextTreatment column={column} draft={draft} onChange={set} />}
        {(column.kind !== "category" || ordinal) &&
          choice("scaling", "Scaling", "Networks learn best from numbers around 0")}
        {column.kind === "date" && (
          <Parts
            id={id}
            column={column}
            chosen={draft.parts ?? null}
            onChange={(parts) => set({ parts })}
          />
        )}
        {choice("missing", "Missing values", "What stands where there is no value")}
        {draft.missing === "constant" && (
          <Field label="The value" htmlFor={`${id}fill`}>
            <FillValue
              id={`${id}fill`}
              column={column}
              value={draft.fill_value ?? null}
              onChange={(fill_value) => set({ fill_value })}
            />
          </Field>
        )}
        {column.kind !== "category" && column.kind !== "text" && (
          <Field
            label="Indicator"
            hint="One more feature: 1 where the value is missing. That it is missing may mean something."
            htmlFor={`${id}indicator`}
          >
            <Switch
              id={`${id}indicator`}
              checked={draft.indicator ?? false}
              onChange={(on) => set({ indicator: on || null })}
            />
          </Field>
        )}
      </form>
    </Dialog>
  );
}

/** What is proposed for a field: the value that is used, where none was chosen. */
function proposedOf(column: Column, field: Exclude<TreatmentField, "parts">) {
  return column.treatment?.[field] == null ? column.treatment_in_full?.[field] : undefined;
}

const EXAMPLES: Record<string, string> = {
  Y: "2024",
  y: "24",
  m: "12",
  d: "31",
  b: "Dec",
  B: "December",
  H: "15",
  I: "03",
  M: "30",
  S: "00",
  f: "000000",
  p: "PM",
  z: "+00:00",
};

/** "%d.%m.%Y" as 31.12.2024 (day first). */
export function inWords(format: string): string {
  const example = format.replace(/%([A-Za-z])/g, (all, letter) => EXAMPLES[letter] ?? all);
  const order = format.startsWith("%d")
    ? " (day first)"
    : format.startsWith("%m")
      ? " (month first)"
      : "";
  return example + order;
}

interface PartsProps {
  id: string;
  column: Column;
  chosen: Treatment["parts"];
  onChange: (parts: Treatment["parts"]) => void;
}

/** Which parts of a date become features. */
function Parts({ id, column, chosen, onChange }: PartsProps) {
  const { data: catalog } = useQuery(catalogQuery());
  const known = optionsFor(catalog?.treatments ?? [], "parts", column.kind);
  const used = new Set<string>(chosen ?? column.treatment_in_full?.parts ?? []);
  const toggle = (value: string, on: boolean) => {
    const next = known.filter((option) => (option.value === value ? on : used.has(option.value)));
    onChange(next.map((option) => option.value) as Treatment["parts"]);
  };
  return (
    <Field label="Parts" changed={chosen != null}>
      <ul className="grid gap-1.5">
        {known.map(({ value, title, summary }) => (
          <li key={value} className="flex items-start gap-2.5">
            <input
              id={`${id}${value}`}
              type="checkbox"
              checked={used.has(value)}
              onChange={(event) => toggle(value, event.target.checked)}
              className="mt-0.5 size-3.5 shrink-0 accent-accent"
            />
            <label htmlFor={`${id}${value}`}>
              {title}
              <span className="block text-xs text-ink-3">{summary}</span>
            </label>
          </li>
        ))}
      </ul>
      {chosen != null && (
        <Button size="sm" variant="ghost" className="mt-1.5" onClick={() => onChange(null)}>
          As proposed
        </Button>
      )}
    </Field>
  );
}

interface FillValueProps {
  id: string;
  column: Column;
  value: string | number | null;
  onChange: (value: string | number | null) => void;
}

/** The value that stands for a missing one: a number, or one of the categories. */
function FillValue({ id, column, value, onChange }: FillValueProps) {
  if (column.kind === "number" || column.kind === "integer") {
    return (
      <NumberInput
        id={id}
        step="any"
        value={typeof value === "number" ? value : null}
        onChange={onChange}
      />
    );
  }
  const categories = column.categories ?? [];
  if (categories.length > 200) {
    return <Input id={id} value={String(value ?? "")} onChange={(e) => onChange(e.target.value)} />;
  }
  return (
    <Select
      id={id}
      value={value === null ? undefined : String(value)}
      onChange={onChange}
      options={categories.map((name) => ({ value: name, label: name || "(empty)" }))}
    />
  );
}
