/** The networks that were changed last. */
import { Link } from "wouter";
import type { DatasetSummary, NetworkSummary } from "../api";
import { formatAgo, formatPlural, NetworkThumbnail, Section } from "../ui";

export interface ContinueProps {
  networks: readonly NetworkSummary[];
  datasets: readonly DatasetSummary[];
}

const SHOWN = 6;

/** The networks that were changed last. */
export function Continue({ networks, datasets }: ContinueProps) {
  const names = new Map(datasets.map((dataset) => [dataset.id, dataset.name]));
  return (
    <Section
      title="Continue where you were"
      actions={
        <Link href="/networks" className="text-accent hover:underline">
          All networks
        </Link>
      }
    >
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
        {networks.slice(0, SHOWN).map((network) => (
          <li key={network.id}>
            <Link
              href={`/networks/${network.id}`}
              className="group block h-full overflow-hidden rounded-xl border border-line bg-panel shadow-1 transition-[border-color,box-shadow] hover:border-accent hover:shadow-2"
            >
              <NetworkThumbnail network={network} />
              <span className="block px-3.5 py-2.5">
                <span className="block font-semibold break-words">{network.name}</span>
                <span className="block text-xs text-ink-3">
                  {[
                    formatPlural(network.nodes, "layer"),
                    network.dataset_id && names.get(network.dataset_id),
                    formatAgo(network.updated_at),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
