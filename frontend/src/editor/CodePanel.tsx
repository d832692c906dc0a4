/** The inspector's tab Code: the whole network as source, live, to copy or download. */
import { useQuery } from "@tanstack/react-query";
import { Copy, Download } from "lucide-react";
import { useState } from "react";
import { type CodeRequest, printArchitecture } from "../api";
import { ErrorNotice, IconButton, Segmented, Skeleton, saveFile, toast } from "../ui";
import { meaning } from "./document";
import { useDocument } from "./store";

const TOKENS =
  /("""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*)|\b(class|def|return|import|from|with|if|for|in|as|not|and|or|else|None|True|False|self|super)\b|(\b\d[\d._e-]*)/g;

const TARGETS: readonly { value: CodeRequest["target"]; label: string }[] = [
  { value: "pytorch", label: "PyTorch" },
  { value: "keras", label: "Keras" },
];

const EXTENTS: readonly { value: "script" | "network"; label: string }[] = [
  { value: "script", label: "Whole script" },
  { value: "network", label: "Network" },
];

export function CodePanel() {
  const [target, setTarget] = useState<CodeRequest["target"]>("pytorch");
  const [extent, setExtent] = useState<"script" | "network">("script");
  const network = useDocument((state) => state.network);
  const datasetId = useDocument((state) => state.datasetId);
  const recipe = useDocument((state) => state.recipe);
  const answer = useDocument((state) => state.report.answer);
  const valid = answer?.ok ?? false;
  const body = {
    architecture: { ...meaning(network), name: network.name },
    dataset_id: datasetId,
    recipe,
    target,
    alone: extent === "network",
  };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["code", JSON.stringify(body)],
    queryFn: ({ signal }) => printArchitecture({ body, signal }),
    enabled: valid,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (answer && !valid) {
    return (
      <p className="p-4 text-sm text-ink-2">
        The source appears when the network has no problems left. The list at the top says what is
        missing.
      </p>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2.5">
        <Segmented value={target} onChange={setTarget} options={TARGETS} label="Source for" />
        {datasetId && recipe && (
          <Segmented value={extent} onChange={setExtent} options={EXTENTS} label="Source of" />
        )}
        <span className="flex-1" />
        <IconButton
          size="sm"
          label="Copy"
          icon={<Copy />}
          disabled={!data || error !== null}
          onClick={() => {
            if (!data) return;
            void navigator.clipboard
              .writeText(data.source)
              .then(() => toast({ title: "Source copied", tone: "ok" }));
          }}
        />
        <IconButton
          size="sm"
          label="Download"
          icon={<Download />}
          disabled={!data || error !== null}
          onClick={() => {
            if (data) saveFile(data.filename, new Blob([data.source], { type: "text/x-python" }));
          }}
        />
      </div>
      {error ? (
        <div className="px-4">
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
      ) : isPending || !data ? (
        <Skeleton className="m-4 h-60" />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard
        <pre className="min-h-0 flex-1 overflow-auto bg-sunken px-4 py-3 text-2xs" tabIndex={0}>
          <code>{colored(data.source)}</code>
        </pre>
      )}
    </div>
  );
}

/** The source with comments and texts, keywords and numbers told apart. */
function colored(source: string) {
  const parts = [];
  let last = 0;
  for (const match of source.matchAll(TOKENS)) {
    if (match.index > last) parts.push(source.slice(last, match.index));
    const tone = match[1] ? "text-ok" : match[2] ? "text-accent" : "text-warn";
    parts.push(
      <span key={match.index} className={tone}>
        {match[0]}
      </span>,
    );
    last = match.index + match[0].length;
  }
  parts.push(source.slice(last));
  return parts;
}
