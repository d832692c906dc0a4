/** The most confident wrong answers: where looking closer pays. */
import type { Mistake } from "../../api";
import { Examples, type Source } from "./Examples";

const SHOWN = 12;

export interface MistakesProps {
  mistakes: readonly Mistake[];
  source: Source;
  /** Of examples with several labels all there are; null where each has one class. */
  labels: readonly string[] | null;
}

export function Mistakes({ mistakes, source, labels }: MistakesProps) {
  if (mistakes.length === 0) return null;
  return (
    <section aria-label="Worst mistakes">
      <h3 className="pb-1.5 text-xs font-semibold">Worst mistakes</h3>
      <Examples
        source={source}
        examples={mistakes.slice(0, SHOWN).map((mistake) => ({
          ...mistake,
          words: labels ? (
            <WrongLabels mistake={mistake} labels={labels} />
          ) : (
            <p className="break-words">
              <b className="font-semibold">{mistake.expected}</b>, called{" "}
              <b className="font-semibold text-bad">{mistake.predicted}</b>
            </p>
          ),
        }))}
      />
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
