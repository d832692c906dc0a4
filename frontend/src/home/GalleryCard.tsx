/** A ready-made network in one glance. */
import type { Catalog, GallerySummary } from "../api";
import { cx, formatPlural, NetworkPicture } from "../ui";

export interface GalleryCardProps {
  entry: GallerySummary;
  catalog: Catalog | undefined;
  /** Title of the dataset that it can be trained on. */
  sample: string | undefined;
  onOpen: () => void;
}

/** A ready-made network in one glance: its drawing, what it is, how large it is. */
export function GalleryCard({ entry, catalog, sample, onOpen }: GalleryCardProps) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={onOpen}
      className={cx(
        "flex h-full w-full flex-col overflow-hidden rounded-xl border border-line bg-panel text-left",
        "transition-[border-color,box-shadow] hover:border-accent hover:shadow-1",
      )}
    >
      <span className="grid h-22 w-full place-items-center border-b border-line bg-sunken px-4 py-2.5">
        <NetworkPicture architecture={entry.outline} catalog={catalog} />
      </span>
      <span className="flex flex-1 flex-col px-3.5 py-2.5">
        <span className="block font-semibold">{entry.title}</span>
        <span className="block text-ink-2">{entry.summary}</span>
        <span className="mt-auto block pt-1.5 text-xs text-ink-3">
          {[formatPlural(entry.parameters, "parameter"), sample].filter(Boolean).join(" · ")}
        </span>
      </span>
    </button>
  );
}
