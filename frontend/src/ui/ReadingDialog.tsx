/** How to read a file, where guessing does not do. */
import { type FormEvent, useId, useState } from "react";
import type { ReadingOptions } from "../api/upload";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ErrorNotice } from "./ErrorNotice";
import { Field } from "./Field";
import { Input } from "./Input";
import { NumberInput } from "./NumberInput";
import { Select } from "./Select";
import { Switch } from "./Switch";

export interface ReadingDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  options: ReadingOptions;
  title?: string;
  /** What the button says. */
  action?: string;
  /** The file holds images. */
  images?: boolean;
  /** A table among the images says what their labels are. */
  labels?: boolean;
  /** Workbooks are taken too, so that a sheet can be named. */
  workbooks?: boolean;
  loading?: boolean;
  error?: Error | null;
  onRead: (options: ReadingOptions) => void;
}

const AUTO = "auto";
const FOUND = { value: AUTO, label: "Find out" };

const DELIMITERS = [
  FOUND,
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Vertical bar" },
  { value: " ", label: "Blanks", hint: "Any number of them, or of tabs" },
];
const DECIMALS = [
  FOUND,
  { value: ".", label: "Point", hint: "1.5" },
  { value: ",", label: "Comma", hint: "1,5" },
];
const HEADERS = [
  FOUND,
  { value: "yes", label: "Holds the column names" },
  { value: "no", label: "Is data already" },
];
const ENCODINGS = [
  FOUND,
  { value: "utf-8", label: "UTF-8" },
  { value: "windows-1252", label: "Windows-1252", hint: "Western Europe" },
  { value: "windows-1250", label: "Windows-1250", hint: "Central Europe" },
  { value: "windows-1251", label: "Windows-1251", hint: "Cyrillic" },
  { value: "utf-16", label: "UTF-16" },
  { value: "shift_jis", label: "Shift JIS", hint: "Japanese" },
  { value: "gb18030", label: "GB 18030", hint: "Chinese" },
];

const LABEL_SEPARATORS = [
  FOUND,
  { value: "|", label: "Vertical bar" },
  { value: ";", label: "Semicolon" },
  { value: ",", label: "Comma" },
  { value: " ", label: "Blank" },
  { value: "none", label: "Nothing", hint: "A cell is one label" },
];

const said = (value: string) => (value === AUTO ? undefined : value);

/** How to read a table, for files where guessing does not do. */
export function ReadingDialog({
  open,
  onOpenChange,
  options,
  title = "How to read the file",
  action = "Upload and read",
  images = false,
  labels = false,
  workbooks = true,
  loading = false,
  error = null,
  onRead,
}: ReadingDialogProps) {
  const id = useId();
  const [delimiter, setDelimiter] = useState(options.delimiter ?? AUTO);
  const [decimal, setDecimal] = useState(options.decimal ?? AUTO);
  const [encoding, setEncoding] = useState(options.encoding ?? AUTO);
  const [header, setHeader] = useState(
    options.header === undefined ? AUTO : options.header ? "yes" : "no",
  );
  const [labelSeparator, setLabelSeparator] = useState(options.label_separator ?? AUTO);
  const [sheet, setSheet] = useState(options.sheet ?? "");
  const [rename, setRename] = useState(options.rename_headers ?? false);
  const [missing, setMissing] = useState((options.missing ?? []).join(", "));

  const [size, setSize] = useState<[number | null, number | null]>(
    options.image_size ?? [null, null],
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const texts = missing
      .split(",")
      .map((text) => text.trim())
      .filter(Boolean);
    const [height, width] = size;
    const wanted: ReadingOptions = {
      // What is not asked for here stays as it was said.
      ...options,
      label_separator: said(labelSeparator),
      image_size: height !== null && width !== null ? [height, width] : undefined,
      delimiter: said(delimiter),
      decimal: said(decimal),
      encoding: said(encoding),
      header: header === AUTO ? undefined : header === "yes",
      sheet: sheet.trim() || undefined,
      rename_headers: rename || undefined,
      missing: texts.length ? texts : undefined,
    };
    onRead(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)));
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description="What you leave open is found out from the file's content."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={id} loading={loading}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-3 pt-1">
        {error && <ErrorNotice error={error} />}
        {images ? (
          <>
            <Field
              label="Image size"
              hint="Height and width in pixels to bring all images to. Empty means that of most, at most 64."
              htmlFor={`${id}-height`}
            >
              <span className="flex items-center gap-2">
                {(["Height", "Width"] as const).map((side, place) => (
                  <NumberInput
                    key={side}
                    id={`${id}-${side.toLowerCase()}`}
                    aria-label={side}
                    placeholder={side}
                    value={size[place] ?? null}
                    min={1}
                    max={1024}
                    onChange={(value) => setSize(place === 0 ? [value, size[1]] : [size[0], value])}
                  />
                ))}
              </span>
            </Field>
            {labels && (
              <Field
                label="Between labels"
                hint="In a cell of the table of labels, where an image may have several."
                htmlFor={`${id}-label-separator`}
              >
                <Select
                  id={`${id}-label-separator`}
                  value={labelSeparator}
                  onChange={setLabelSeparator}
                  options={LABEL_SEPARATORS}
                />
              </Field>
            )}
          </>
        ) : (
          <>
            <Field label="Between columns" htmlFor={`${id}-delimiter`}>
              <Select
                id={`${id}-delimiter`}
                value={delimiter}
                onChange={setDelimiter}
                options={DELIMITERS}
              />
            </Field>
            <Field label="Before decimals" htmlFor={`${id}-decimal`}>
              <Select
                id={`${id}-decimal`}
                value={decimal}
                onChange={setDecimal}
                options={DECIMALS}
              />
            </Field>
            <Field label="The first row" htmlFor={`${id}-header`}>
              <Select id={`${id}-header`} value={header} onChange={setHeader} options={HEADERS} />
            </Field>
            <Field label="Encoding" htmlFor={`${id}-encoding`}>
              <Select
                id={`${id}-encoding`}
                value={encoding}
                onChange={setEncoding}
                options={ENCODINGS}
              />
            </Field>
            {workbooks && (
              <Field
                label="Sheet"
                hint="Of an Excel workbook: the name of the sheet to read. Empty means the first one."
                htmlFor={`${id}-sheet`}
              >
                <Input
                  id={`${id}-sheet`}
                  value={sheet}
                  placeholder="The first one"
                  onChange={(event) => setSheet(event.target.value)}
                />
              </Field>
            )}
            <Field
              label="Missing values"
              hint="Texts that stand for “not known” in this file, with commas between them. Empty cells and NA always do."
              htmlFor={`${id}-missing`}
            >
              <Input
                id={`${id}-missing`}
                value={missing}
                placeholder="-999, unknown"
                onChange={(event) => setMissing(event.target.value)}
              />
            </Field>
            <Field
              label="Repeated names"
              hint="Columns without a name, or with one that another column has, get a name instead of being refused."
              htmlFor={`${id}-rename`}
            >
              <Switch id={`${id}-rename`} checked={rename} onChange={setRename} />
            </Field>
          </>
        )}
      </form>
    </Dialog>
  );
}
