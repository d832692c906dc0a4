/** Predict from a picture: drawn, uploaded, dropped, or taken from the data. */
import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { Dices, Eraser, ImageUp } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Dataset, type Description, type ImageShape, type Run, readRows } from "../../api";
import { imageUrl } from "../../api/images";
import { Button, cx, ErrorNotice, FileButton } from "../../ui";
import { Answer } from "./Answer";
import { DrawingBoard, type DrawingBoardHandle } from "./DrawingBoard";
import { decode, fetched, loadPixels } from "./loading";
import { rimBrightness, toImage } from "./pixels";
import { usePrediction } from "./usePrediction";

export interface ImagePredictProps {
  run: Run;
  /** Where images are taken from; null: it was deleted. */
  dataset: Dataset | null;
  description: Description;
  shape: ImageShape;
}

/** How many of the data's images tell whether its pictures are light on dark or dark on light. */
const PROBES = 5;

export function ImagePredict({ run, dataset, description, shape }: ImagePredictProps) {
  const board = useRef<DrawingBoardHandle>(null);
  const [over, setOver] = useState(false);
  const [truth, setTruth] = useState<string | null>(null);
  const { ask, ...answer } = usePrediction(run.id);
  const paper = useQuery({
    queryKey: ["dataset", dataset?.id, "paper", dataset?.version],
    queryFn: dataset
      ? async () => {
          const step = Math.max(1, Math.floor(description.rows / PROBES));
          const probes = Array.from(
            { length: Math.min(PROBES, description.rows) },
            (_, i) => i * step,
          );
          const rims = await Promise.all(
            probes.map(async (index) => rimBrightness(await loadPixels(addressOf(dataset, index)))),
          );
          return rims.reduce((sum, rim) => sum + rim, 0) / rims.length;
        }
      : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const dark = (paper.data ?? 0) < 128;
  const named = (description.classes ?? []).length > 0;

  const predictNow = useCallback(() => {
    const pixels = board.current?.read();
    if (!pixels) return;
    ask({ image: toImage(pixels, shape.channels, shape.height, shape.width) });
  }, [ask, shape]);

  const send = useCallback(
    (file: File) => {
      setTruth(null);
      ask(file);
    },
    [ask],
  );
  const fetching = useMutation({
    mutationFn: async ({ data, index }: { data: Dataset; index: number }) => {
      const [picture, known] = await Promise.all([
        fetched(addressOf(data, index)),
        named ? labelOf(data, index) : null,
      ]);
      return { file: new File([picture], `${index}.png`), known };
    },
    onSuccess: ({ file, known }) => {
      setTruth(known);
      ask(file);
    },
  });
  const { picture } = answer;
  const seen = useQuery({
    queryKey: ["picture", picture],
    queryFn: picture === null ? skipToken : () => decode(`data:image/png;base64,${picture}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  useEffect(() => {
    if (seen.data) board.current?.show(seen.data);
  }, [seen.data]);

  useEffect(() => {
    // A picture that is on the clipboard is one key away.
    const paste = (event: ClipboardEvent) => {
      const file = [...(event.clipboardData?.files ?? [])].find((each) =>
        each.type.startsWith("image/"),
      );
      if (file) send(file);
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [send]);

  return (
    <div className="grid content-start gap-x-8 gap-y-4 @xl:grid-cols-[auto_minmax(14rem,1fr)]">
      <div className="grid justify-items-start gap-x-4 gap-y-2.5 @2xl:in-data-[pane=run]:grid-cols-[auto_minmax(0,14rem)]">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; the button beside it does the same for the keyboard */}
        <div
          className={cx(
            "rounded-lg",
            over && "outline-2 outline-offset-4 outline-accent outline-dashed",
          )}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            setOver(false);
            const file = event.dataTransfer.files[0];
            // An archive is for the table of many, around this.
            if (!file?.type.startsWith("image/")) return;
            event.preventDefault();
            send(file);
          }}
        >
          <DrawingBoard
            ref={board}
            shape={shape}
            dark={dark}
            onStroke={() => {
              setTruth(null);
              predictNow();
            }}
          />
        </div>
        <div className="grid content-start gap-2.5">
          <p className="max-w-64 text-xs text-ink-2">
            Draw here, as large as in the data, or drop a picture: it is shown as the network sees
            it, in {shape.width} × {shape.height} pixels{shape.channels === 1 ? " in grey" : ""}.
          </p>
          <div className="flex max-w-96 flex-wrap gap-2">
            <FileButton
              size="sm"
              icon={<ImageUp />}
              accept="image/*"
              onFiles={([file]) => file && send(file)}
            >
              Choose a picture
            </FileButton>
            {dataset && (
              <Button
                size="sm"
                icon={<Dices />}
                onClick={() => {
                  const index = Math.floor(Math.random() * description.rows);
                  fetching.mutate({ data: dataset, index });
                }}
              >
                One of the data
              </Button>
            )}
            <Button
              size="sm"
              variant="ghost"
              icon={<Eraser />}
              onClick={() => {
                board.current?.clear();
                setTruth(null);
                ask(null);
              }}
            >
              Clear
            </Button>
          </div>
        </div>
      </div>
      <div className="sticky top-0 grid content-start gap-3 self-start">
        {fetching.isError && <ErrorNotice error={fetching.error} />}
        {seen.isError && <ErrorNotice error={seen.error} />}
        {answer.error != null && <ErrorNotice error={answer.error} onRetry={answer.retry} />}
        {answer.answers.map(({ node, target, prediction }) => (
          <Answer
            key={node}
            prediction={prediction}
            target={target}
            truth={truth}
            stale={answer.pending}
          />
        ))}
        {answer.answers.length === 0 && (
          <p className="text-ink-3">The answer appears as you draw.</p>
        )}
      </div>
    </div>
  );
}

function addressOf(dataset: Dataset, index: number): string {
  return imageUrl(dataset.id, dataset.version, index);
}

/** What the data say of an image: its class, or its labels. */
async function labelOf({ id, version }: Dataset, index: number): Promise<string> {
  const { rows } = await readRows({
    path: { dataset_id: id },
    query: { offset: index, limit: 1, version },
  });
  return String(rows[0]?.[1] ?? "no label");
}
