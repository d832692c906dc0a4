/** Own data, or an empty canvas. */
import { FileInput, SquareDashed, Upload } from "lucide-react";
import type { useBegin } from "../api/begin";
import { Button, FileButton } from "../ui";

export interface OtherWaysProps {
  begin: ReturnType<typeof useBegin>;
  onFiles: (files: File[]) => void;
}

/** For those who bring data, or want a blank sheet. */
export function OtherWays({ begin, onFiles }: OtherWaysProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-ink-2">
      <span>Or begin with your own:</span>
      <FileButton
        icon={<Upload />}
        accept=".csv,.tsv,.txt,.xlsx,.parquet,.zip,.npz"
        onFiles={onFiles}
      >
        Upload your data
      </FileButton>
      <Button
        icon={<SquareDashed />}
        loading={begin.pending === "empty"}
        onClick={() => begin.empty()}
      >
        Start from an empty canvas
      </Button>
      <FileButton
        icon={<FileInput />}
        accept=".keras,.json"
        loading={begin.pending === "file"}
        onFiles={([file]) => file && begin.file(file)}
      >
        Import a network
      </FileButton>
      <span className="text-xs text-ink-3">
        A table (CSV, Excel, Parquet), or a zip with a folder of images per class. Dropping it here
        works too. Networks come from a .keras file, or from JSON.
      </span>
    </div>
  );
}
