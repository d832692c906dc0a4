/** A revision beside the network as it is now: both drawn, and what changed in words. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import type { Architecture, Catalog, Revision } from "../../api";
import { datasetsQuery } from "../../api/queries";
import { formatDate, NetworkPicture, type PictureMark } from "../../ui";
import { writeDraft } from "../document";
import { useDocument } from "../store";
import { readWork } from "../work";
import { difference } from "./difference";

export interface ComparisonProps {
  revision: Revision;
  action: ReactNode;
}

export function Comparison({ revision, action }: ComparisonProps) {
  const catalog = useDocument((state) => state.catalog);
  const types = useDocument((state) => state.types);
  const network = useDocument((state) => state.network);
  const datasetId = useDocument((state) => state.datasetId);
  const recipe = useDocument((state) => state.recipe);
  const datasets = useQuery(datasetsQuery()).data;
  const { sentences, blocks, marks } = useMemo(() => {
    const name = (id: string | null) =>
      id === null
        ? "none"
        : (datasets?.find((each) => each.id === id)?.name ?? "a deleted dataset");
    return difference(readWork(revision), { network, datasetId, recipe }, types, name);
  }, [revision, network, datasetId, recipe, types, datasets]);
  const changed = sentences.length > 0 || blocks.length > 0;

  return (
    <div className="flex min-h-0 min-w-0 flex-col gap-3">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h3 className="text-base font-semibold break-words">
            {revision.note ?? `Revision ${revision.revision}`}
          </h3>
          <p className="text-xs text-ink-2">
            Revision {revision.revision}, saved {formatDate(revision.created_at)}
          </p>
        </div>
        {action}
      </div>
      <Drawing title="Then" architecture={revision.architecture} catalog={catalog} marks={marks} />
      {changed && (
        <Drawing title="Now" architecture={writeDraft(network)} catalog={catalog} marks={marks} />
      )}
      <section
        className="min-h-0 flex-1 overflow-y-auto rounded-sm"
        aria-label="What changed since then"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: text that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <h4 className="text-xs font-semibold">
          {changed ? "What changed since then" : "Nothing changed since then"}
        </h4>
        <Sentences sentences={sentences} />
        {blocks.map(({ name, title, sentences: inside }) => (
          <section key={name} className="mt-2" aria-labelledby={`changed-${name}`}>
            <h5 id={`changed-${name}`} className="text-xs font-semibold break-words">
              Inside the block “{title}”
            </h5>
            <Sentences sentences={inside} />
          </section>
        ))}
      </section>
    </div>
  );
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul className="mt-1 list-disc space-y-0.5 pl-4 text-ink-2">
      {sentences.map((sentence) => (
        <li key={sentence} className="break-words">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

interface DrawingProps {
  title: string;
  architecture: Architecture;
  catalog: Catalog;
  marks: Readonly<Record<string, PictureMark>>;
}

function Drawing({ title, architecture, catalog, marks }: DrawingProps) {
  return (
    <figure className="grid h-24 shrink-0 grid-cols-[3rem_minmax(0,1fr)] items-center rounded-lg bg-sunken px-3 py-2">
      <figcaption className="text-xs text-ink-2">{title}</figcaption>
      <span className="grid h-full min-h-0 place-items-center">
        {(architecture.nodes ?? []).length > 0 ? (
          <NetworkPicture architecture={architecture} catalog={catalog} marks={marks} />
        ) : (
          <span className="text-xs text-ink-2">Empty canvas</span>
        )}
      </span>
    </figure>
  );
}
