/** Ready-made networks, opened as a copy. */
import { useQuery } from "@tanstack/react-query";
import { type GallerySummary, readGalleryEntry } from "../api";
import type { useBegin } from "../api/begin";
import { catalogQuery, galleryQuery } from "../api/queries";
import { cx, ErrorNotice, formatPlural, NetworkPicture, Section, Spinner } from "../ui";

type Begin = ReturnType<typeof useBegin>;

/** Ready-made networks, opened as a copy. */
export function Gallery({ begin }: { begin: Begin }) {
  const gallery = useQuery(galleryQuery());
  if (gallery.error) {
    return <ErrorNotice error={gallery.error} onRetry={() => gallery.refetch()} />;
  }
  if (!gallery.data?.length) return null;
  return (
    <Section title="Gallery" hint="Ready-made networks; opening one makes a copy of your own">
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
        {gallery.data.map((entry) => (
          <li key={entry.slug}>
            <GalleryCard entry={entry} begin={begin} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function GalleryCard({ entry, begin }: { entry: GallerySummary; begin: Begin }) {
  const { data: catalog } = useQuery(catalogQuery());
  const { data: full } = useQuery({
    queryKey: ["gallery", entry.slug],
    queryFn: ({ signal }) => readGalleryEntry({ signal, path: { slug: entry.slug } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const making = begin.pending === `gallery:${entry.slug}`;
  return (
    <button
      type="button"
      aria-busy={making}
      onClick={() => begin.gallery(entry.slug)}
      className={cx(
        "flex h-full w-full flex-col overflow-hidden rounded-xl border border-line bg-panel text-left",
        "transition-[border-color,box-shadow] hover:border-accent hover:shadow-1",
      )}
    >
      <span className="grid h-22 w-full place-items-center border-b border-line bg-sunken px-4 py-2.5">
        {full && <NetworkPicture architecture={full.architecture} catalog={catalog} />}
      </span>
      <span className="block px-3.5 py-2.5">
        <span className="flex items-center justify-between gap-2 font-semibold">
          {entry.title}
          {making && <Spinner className="text-accent" />}
        </span>
        <span className="block text-ink-2">{entry.summary}</span>
        <span className="mt-1 block text-xs text-ink-3">
          {formatPlural(entry.parameters, "parameter")}
        </span>
      </span>
    </button>
  );
}
