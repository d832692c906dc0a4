/** The most confident wrong answers: where looking closer pays. */
import type { Dataset, Mistake } from "../../api";
import { imageUrl } from "../../api/images";
import { formatPercent } from "../../ui";

const SHOWN = 12;

export interface MistakesProps {
  mistakes: readonly Mistake[];
  datasetId: string;
  version: number | undefined;
  kind: Dataset["kind"] | undefined;
}

export function Mistakes({ mistakes, datasetId, version, kind }: MistakesProps) {
  if (mistakes.length === 0) return null;
  return (
    <section aria-label="Worst mistakes">
      <h3 className="pb-1.5 text-xs font-semibold">Worst mistakes</h3>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))] gap-1.5">
        {mistakes.slice(0, SHOWN).map((mistake) => (
          <li
            key={mistake.row}
            className="flex items-center gap-2.5 rounded-md border border-line px-2.5 py-1.5 text-xs"
          >
            {kind === "images" && (
              <img
                src={imageUrl(datasetId, version, mistake.row)}
                alt={`Example ${mistake.row + 1}`}
                loading="lazy"
                className="size-10 rounded-sm bg-sunken object-contain [image-rendering:pixelated]"
              />
            )}
            <p className="min-w-0">
              <span className="break-words">
                <b className="font-semibold">{mistake.expected}</b>, called{" "}
                <b className="font-semibold text-bad">{mistake.predicted}</b>
              </span>
              <span className="block text-ink-3">
                {kind === "images" ? "image" : "row"} {mistake.row + 1} ·{" "}
                {formatPercent(mistake.probability, 0)} sure
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
