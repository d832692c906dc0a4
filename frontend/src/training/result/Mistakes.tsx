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
  /** Of examples with several labels all there are; null where each has one class. */
  labels: readonly string[] | null;
}

export function Mistakes({ mistakes, datasetId, version, kind, labels }: MistakesProps) {
  if (mistakes.length === 0) return null;
  return (
    <section aria-label="Worst mistakes">
      <h3 className="pb-1.5 text-xs font-semibold">Worst mistakes</h3>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-1.5">
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
                className="size-10 shrink-0 rounded-sm bg-sunken object-contain [image-rendering:pixelated]"
              />
            )}
            <p className="min-w-0">
              {labels ? (
                <WrongLabels mistake={mistake} labels={labels} />
              ) : (
                <span className="break-words">
                  <b className="font-semibold">{mistake.expected}</b>, called{" "}
                  <b className="font-semibold text-bad">{mistake.predicted}</b>
                </span>
              )}
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

/** Only the labels that are wrong: of many, most are right. */
function WrongLabels({ mistake, labels }: { mistake: Mistake; labels: readonly string[] }) {
  const expected = labelsIn(mistake.expected, labels);
  const said = labelsIn(mistake.predicted, labels);
  const missed = expected.filter((name) => !said.includes(name));
  const wrong = said.filter((name) => !expected.includes(name));
  return (
    <>
      {missed.length > 0 && (
        <span className="block break-words">
          missed <b className="font-semibold">{missed.join(", ")}</b>
        </span>
      )}
      {wrong.length > 0 && (
        <span className="block break-words">
          wrongly said <b className="font-semibold text-bad">{wrong.join(", ")}</b>
        </span>
      )}
    </>
  );
}

/** The labels of a text that holds them by comma, also such as have a comma themselves. */
export function labelsIn(text: string, labels: readonly string[]): string[] {
  return labels.filter((name) => `, ${text}, `.includes(`, ${name}, `));
}
