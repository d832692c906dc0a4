/** Ready-made networks by category, with a search over all of them. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { GallerySummary } from "../api";
import type { useBegin } from "../api/begin";
import { catalogQuery, galleryQuery, samplesQuery } from "../api/queries";
import { ErrorNotice, SearchInput, Section, Segmented } from "../ui";
import { GalleryCard } from "./GalleryCard";
import { GalleryDialog } from "./GalleryDialog";
import { byCategory, matching } from "./gallery";

const ALL = "All";

/** Ready-made networks, one category at a time; opening one makes a copy. */
export function Gallery({ begin }: { begin: ReturnType<typeof useBegin> }) {
  const gallery = useQuery(galleryQuery());
  const catalog = useQuery(catalogQuery()).data;
  const samples = useQuery(samplesQuery()).data;
  const [chosen, setChosen] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<GallerySummary | null>(null);
  const wanted = useDeferredValue(search.trim());

  if (gallery.error) {
    return <ErrorNotice error={gallery.error} onRetry={() => gallery.refetch()} />;
  }
  if (!gallery.data?.length) return null;
  const titles = new Map(samples?.map((sample) => [sample.slug, sample.title]));
  const categories = [...byCategory(gallery.data).keys()];
  const category = wanted ? ALL : (chosen ?? categories[0] ?? ALL);
  const found = wanted
    ? matching(gallery.data, wanted, titles)
    : gallery.data.filter((entry) => category === ALL || entry.category === category);

  return (
    <Section
      title="Gallery"
      hint={`${gallery.data.length} ready-made networks; opening one makes a copy of your own`}
      actions={
        <SearchInput
          className="w-64 max-w-full"
          label="Search the gallery"
          placeholder="Search by name, author, use …"
          value={search}
          onChange={setSearch}
        />
      }
    >
      <div className="grid gap-4">
        <Segmented
          label="Category"
          className="w-fit max-w-full flex-wrap"
          value={category}
          onChange={(next) => {
            setSearch("");
            setChosen(next);
          }}
          options={[...categories, ALL].map((value) => ({ value, label: value }))}
        />
        {[...byCategory(found)].map(([name, entries]) => (
          <div key={name}>
            {category === ALL && <h3 className="mb-2 font-semibold text-ink-2">{name}</h3>}
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
              {entries.map((entry) => (
                <li key={entry.slug}>
                  <GalleryCard
                    entry={entry}
                    catalog={catalog}
                    sample={titles.get(entry.sample ?? "")}
                    onOpen={() => setOpened(entry)}
                  />
                </li>
              ))}
            </ul>
          </div>
        ))}
        {found.length === 0 && (
          <p className="text-ink-2" role="status">
            No network of the gallery matches “{wanted}”. Search for a layer, an author, or what it
            is for.
          </p>
        )}
      </div>
      {opened && (
        <GalleryDialog
          entry={opened}
          catalog={catalog}
          sample={titles.get(opened.sample ?? "")}
          begin={begin}
          onClose={() => setOpened(null)}
        />
      )}
    </Section>
  );
}
