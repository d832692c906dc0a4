/** A ready-made network in full: what it is, where it comes from, and the ways to open it. */
import type { Catalog, GallerySummary } from "../api";
import type { useBegin } from "../api/begin";
import { Button, Dialog, ErrorNotice, formatPlural, NetworkPicture } from "../ui";

export interface GalleryDialogProps {
  entry: GallerySummary;
  catalog: Catalog | undefined;
  /** Title of the dataset that it can be trained on. */
  sample: string | undefined;
  begin: ReturnType<typeof useBegin>;
  onClose: () => void;
}

/** What a ready-made network is and where it comes from; opens a copy, with data where some fits. */
export function GalleryDialog({ entry, catalog, sample, begin, onClose }: GalleryDialogProps) {
  const key = `gallery:${entry.slug}:`;
  const open = (slug: string | null) => begin.gallery(entry.slug, slug);
  const making = (slug: string | null) => begin.pending === key + (slug ?? "");
  const ready = entry.sample && sample ? { slug: entry.sample, title: sample } : null;
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={entry.title}
      description={entry.summary}
      footer={
        <>
          <Button
            variant={ready ? "secondary" : "primary"}
            loading={making(null)}
            onClick={() => open(null)}
          >
            {ready ? "Open without data" : "Open a copy"}
          </Button>
          {ready && (
            <Button variant="primary" loading={making(ready.slug)} onClick={() => open(ready.slug)}>
              Open with {ready.title}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-3.5">
        {begin.failed?.startsWith(key) && (
          <ErrorNotice error={begin.error} title="The network could not be made" />
        )}
        <div className="grid h-36 place-items-center rounded-lg border border-line bg-sunken px-4 py-3">
          <NetworkPicture architecture={entry.outline} catalog={catalog} />
        </div>
        <p>{entry.about}</p>
        <p className="text-xs text-ink-3">
          {formatPlural(entry.parameters, "parameter")} · {entry.source}
        </p>
      </div>
    </Dialog>
  );
}
