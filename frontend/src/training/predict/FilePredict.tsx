/** Predict from a file: a table, an image, or a zip of images. */
import { useMutation } from "@tanstack/react-query";
import { Download, FileUp, Images, SlidersHorizontal, Table } from "lucide-react";
import { type RefObject, useImperativeHandle, useRef, useState } from "react";
import type { Run } from "../../api";
import { predictFile, predictionsCsv, type Sent } from "../../api/predicting";
import {
  Button,
  ErrorNotice,
  FileButton,
  formatBytes,
  formatPlural,
  Progress,
  ReadingDialog,
  saveFile,
} from "../../ui";
import { fileName } from "../Downloads";
import { stepsOf } from "../recipe/SequenceField";
import { FileAnswers } from "./FileAnswers";
import { FileNotes } from "./FileNotes";

/** Rows that are looked at; the file to keep has all of them. */
const SHOWN = 100;

export interface FilePredictHandle {
  /** Take a file that was dropped elsewhere. */
  take: (file: File) => void;
}

export interface FilePredictProps {
  ref: RefObject<FilePredictHandle | null>;
  run: Run;
  images: boolean;
  /** Columns that a table must have. */
  columns: readonly string[];
}

export function FilePredict({ ref, run, images, columns }: FilePredictProps) {
  const under = useRef<AbortController | null>(null);
  const asked = useMutation({
    mutationFn: (sent: Sent) => {
      under.current?.abort();
      under.current = new AbortController();
      return predictFile(run.id, sent, SHOWN, under.current.signal);
    },
    onMutate: () => kept.reset(),
  });
  const kept = useMutation({
    mutationFn: async (sent: Sent) => {
      const csv = await predictionsCsv(run.id, sent);
      saveFile(fileName(run, "predictions.csv"), csv);
      return csv.size;
    },
  });
  const [reading, setReading] = useState(false);
  useImperativeHandle(ref, () => ({ take: (file) => asked.mutate({ file }) }), [asked.mutate]);

  const sent = asked.variables;
  const file = sent?.file;
  const steps = stepsOf(run.recipe.sequence);
  const noun = images ? "image" : steps ? "sequence" : "row";
  const chooser = (label: string, primary: boolean) => (
    <FileButton
      size="sm"
      variant={primary ? "primary" : "secondary"}
      icon={<FileUp />}
      accept={images ? "image/*,.zip" : ".csv,.tsv,.txt,text/csv"}
      onFiles={([chosen]) => chosen && asked.mutate({ file: chosen })}
    >
      {label}
    </FileButton>
  );
  const sayHow = sent && !images && (
    <>
      <Button size="sm" icon={<SlidersHorizontal />} onClick={() => setReading(true)}>
        Say how to read it
      </Button>
      {reading && (
        <ReadingDialog
          open
          onOpenChange={setReading}
          title={`How to read ${sent.file.name}`}
          action="Read and predict"
          options={sent.options ?? {}}
          workbooks={false}
          onRead={(options) => {
            setReading(false);
            asked.mutate({ file: sent.file, options });
          }}
        />
      )}
    </>
  );
  if (file !== undefined && asked.isPending) {
    return (
      <div className="grid max-w-xl content-start gap-2.5" role="status">
        <p className="break-words">
          Predicting from <b className="font-semibold">{file.name}</b>, {formatBytes(file.size)}
        </p>
        <Progress value={null} label={`Predicting from ${file.name}`} />
        <div>
          <Button
            size="sm"
            onClick={() => {
              under.current?.abort();
              asked.reset();
            }}
          >
            Cancel
          </Button>
        </div>
      </div>
    );
  }
  if (sent && asked.data) {
    const { total } = asked.data;
    const shown = Math.min(total, asked.data.rows?.length ?? 0);
    return (
      <div className="grid content-start gap-2.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <p className="min-w-0 flex-1 basis-60 break-words" role="status">
            <b className="font-semibold">{sent.file.name}</b>: {formatPlural(total, noun)}
            {shown < total && `, the first ${shown} below`}
          </p>
          {kept.isSuccess && (
            <span role="status" className="text-xs text-ok">
              Downloaded, {formatBytes(kept.data)}
            </span>
          )}
          <Button
            size="sm"
            variant="primary"
            icon={<Download />}
            loading={kept.isPending}
            onClick={() => kept.mutate(sent)}
          >
            Download as CSV
          </Button>
          {sayHow}
          {chooser("Another file", false)}
        </div>
        {kept.isError && <ErrorNotice error={kept.error} onRetry={() => kept.mutate(sent)} />}
        <FileNotes notes={asked.data.report ?? []} />
        <FileAnswers answers={asked.data} />
      </div>
    );
  }
  const Icon = images ? Images : Table;
  return (
    <div className="grid content-start gap-3">
      {asked.isError && (
        <ErrorNotice
          title={`${file?.name ?? "The file"} cannot be predicted from`}
          error={asked.error}
        />
      )}
      {asked.isError && sayHow && <div>{sayHow}</div>}
      <div className="grid justify-items-center gap-2 rounded-xl border border-dashed border-line-strong px-6 py-8 text-center">
        <Icon className="size-6 text-ink-3" aria-hidden="true" />
        <p className="max-w-md text-ink-2">
          {images
            ? "Drop an image here, or a zip of images in any folders. Each is brought to the size and colours of the data."
            : `Drop a CSV file here. It needs these columns by name, in any order; others may stand beside them.${steps ? ` Every ${formatPlural(steps.window ?? 1, "row")} that follow each other are predicted from, by time and group where it has them:` : ""}`}
        </p>
        {!images && <ColumnNames names={columns} />}
        {chooser("Choose a file", true)}
      </div>
    </div>
  );
}

const NAMED = 12;

function ColumnNames({ names }: { names: readonly string[] }) {
  return (
    <ul className="flex max-w-2xl flex-wrap justify-center gap-1 pb-1" aria-label="Columns">
      {names.slice(0, NAMED).map((name) => (
        <li
          key={name}
          className="max-w-60 truncate rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-2xs text-ink-2"
          title={name}
        >
          {name}
        </li>
      ))}
      {names.length > NAMED && (
        <li className="px-1 py-0.5 text-2xs text-ink-3">and {names.length - NAMED} more</li>
      )}
    </ul>
  );
}
