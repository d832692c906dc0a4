/** What each of several Outputs learns; it is chosen at the Output itself. */
import type { Catalog } from "../../api";
import { lossInWords, type RunOutput } from "../outputs";

export interface OutputsNoteProps {
  outputs: readonly RunOutput[];
  /** With it the losses are told, without it the targets. */
  catalog?: Catalog;
}

export function OutputsNote({ outputs, catalog }: OutputsNoteProps) {
  return (
    <section className="grid gap-1.5" aria-label={catalog ? "Losses" : "Targets"}>
      <h3 className="font-[550]">{catalog ? "Losses" : "Targets"}</h3>
      <dl className="grid gap-px rounded-lg border border-line py-1">
        {outputs.map((output) => (
          <div key={output.node} className="flex items-baseline justify-between gap-3 px-2.5 py-1">
            <dt className="min-w-0 font-mono text-xs break-words text-ink-2">{output.node}</dt>
            <dd className="min-w-0 text-right break-words">
              {catalog ? (
                lossInWords(output, catalog)
              ) : (
                <>
                  {output.target} <span className="text-xs text-ink-3">{output.task}</span>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-xs text-ink-3">
        {catalog
          ? "What is made small is their sum. Select an Output to change its loss or its weight."
          : "Select an Output to change what it predicts."}
      </p>
    </section>
  );
}
