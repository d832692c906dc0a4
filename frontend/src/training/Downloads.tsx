/** The files that a run leaves, each with what it is for. */
import { useMutation } from "@tanstack/react-query";
import { Archive, Box, Braces, Download, FileCode2, Package, Scale, Table } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, type DownloadData, download, type Run } from "../api";
import { Button, ErrorNotice, formatBytes, saveFile } from "../ui";

type What = DownloadData["path"]["what"];

interface Item {
  icon: ReactNode;
  use: string;
  /** Without trained weights there is none of it. */
  needsModel: boolean;
}

/** Each file that the server knows of: one that it learns is missed here by the type. */
const ITEMS: Readonly<Record<What, Item>> = {
  "bundle.zip": {
    icon: <Archive />,
    use: "Everything to predict elsewhere: a script, the weights and the preparation of raw rows. Needs only Python and PyTorch.",
    needsModel: true,
  },
  "weights.safetensors": {
    icon: <Scale />,
    use: "The trained numbers in a format that many tools read and that can run no code.",
    needsModel: true,
  },
  "state_dict.pt": {
    icon: <Scale />,
    use: "The same numbers as PyTorch saves them, for load_state_dict of the class in pytorch.py.",
    needsModel: true,
  },
  "model.onnx": {
    icon: <Box />,
    use: "The whole model in one file for ONNX Runtime: on servers, phones and in browsers, without Python. Takes raw rows.",
    needsModel: true,
  },
  "program.pt2": {
    icon: <Package />,
    use: "The same as PyTorch exports it, for torch.export.load, without the source of the network.",
    needsModel: true,
  },
  "model.keras": {
    icon: <Package />,
    use: "The network with its weights as Keras saves it, for keras.saving.load_model. Takes prepared features; keras.py shows how to prepare them.",
    needsModel: true,
  },
  "pytorch.py": {
    icon: <FileCode2 />,
    use: "The network as readable PyTorch source, to build on.",
    needsModel: false,
  },
  "keras.py": {
    icon: <FileCode2 />,
    use: "The same as Keras source: compile, fit, evaluate, predict.",
    needsModel: false,
  },
  "architecture.json": {
    icon: <Braces />,
    use: "The design itself. Paste it into the editor to open it again.",
    needsModel: false,
  },
  "history.csv": {
    icon: <Table />,
    use: "Every epoch's loss and metrics, for a spreadsheet or a plot of your own.",
    needsModel: false,
  },
};

export function Downloads({ run, finished }: { run: Run; finished: boolean }) {
  return (
    <ul className="grid content-start gap-2 @2xl:grid-cols-2">
      {(Object.keys(ITEMS) as What[]).map((what) => (
        <DownloadItem
          key={what}
          run={run}
          what={what}
          refused={
            ITEMS[what].needsModel && (!finished || run.state === "failed")
              ? finished
                ? "The run failed and left no weights."
                : "Ready when the run has ended."
              : null
          }
        />
      ))}
    </ul>
  );
}

interface DownloadItemProps {
  run: Run;
  what: What;
  /** Why it is not to be had. */
  refused: string | null;
}

function DownloadItem({ run, what, refused }: DownloadItemProps) {
  const { icon, use } = ITEMS[what];
  const fetching = useMutation({
    mutationFn: async () => {
      const answer = await download({ path: { run_id: run.id, what }, parseAs: "blob" });
      if (!(answer instanceof Blob)) {
        const message = `Expected the file ${what}, got something else. Try again.`;
        throw new ApiError(0, { code: "unreadable", message });
      }
      saveFile(fileName(run, what), answer);
      return answer.size;
    },
  });
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border border-line px-3 py-2.5">
      <span
        aria-hidden="true"
        className="grid size-8 shrink-0 place-items-center rounded-md bg-sunken text-ink-2 [&_svg]:size-4"
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-mono text-xs font-semibold">{what}</p>
        <p className="text-xs text-ink-2">{use}</p>
        {refused && <p className="text-xs text-ink-3">{refused}</p>}
        {fetching.isSuccess && (
          <p role="status" className="text-xs text-ok">
            Downloaded, {formatBytes(fetching.data)}
          </p>
        )}
      </div>
      <Button
        size="sm"
        icon={<Download />}
        aria-label={`Download ${what}`}
        disabled={refused !== null}
        loading={fetching.isPending}
        onClick={() => fetching.mutate()}
      >
        Download
      </Button>
      {fetching.isError && (
        <div className="basis-full">
          <ErrorNotice error={fetching.error} onRetry={() => fetching.mutate()} />
        </div>
      )}
    </li>
  );
}

/** "digit-reader-run-7-bundle.zip": says where it came from among other downloads. */
export function fileName(run: Pick<Run, "network_name" | "number">, what: string): string {
  const name = run.network_name
    .normalize("NFKD")
    .replace(/[^\w]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
  return `${name || "network"}-run-${run.number}-${what}`;
}
