/** The images themselves, as the network sees them. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type Rows, readRows } from "../api";
import { imageUrl } from "../api/images";
import { Button, cx, ErrorNotice, formatNumber, Skeleton } from "../ui";

/** Where the images of a class stand. */
export interface Span {
  name: string;
  start: number;
  count: number;
  /** Instead of a place: only the images that have this label. */
  label?: string;
}

type Row = Rows["rows"][number];

const PAGE = 96;
/** Of more classes than these, the first are shown until one is chosen. */
const MOST_CLASSES = 24;

/** A version of a dataset. */
interface Source {
  datasetId: string;
  version: number | undefined;
}

interface Part {
  offset: number;
  limit: number;
  label?: string;
}

function read({ datasetId, version }: Source, part: Part, signal: AbortSignal) {
  return readRows({ signal, path: { dataset_id: datasetId }, query: { ...part, version } });
}

export interface MixedImagesProps extends Source {
  spans: readonly Span[];
  pixels: boolean;
}

/** The first images of each class. */
export function MixedImages({ spans, pixels, ...source }: MixedImagesProps) {
  const shown = spans.slice(0, MOST_CLASSES).filter((span) => span.count > 0);
  const each = Math.max(3, Math.floor(PAGE / Math.max(1, shown.length)));
  const rows = useQuery({
    queryKey: ["dataset", source.datasetId, "images", source.version, "mixed"],
    queryFn: ({ signal }) =>
      Promise.all(
        shown.map(({ start, count }) =>
          read(source, { offset: start, limit: Math.min(each, count) }, signal),
        ),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (rows.error) return <ErrorNotice error={rows.error} onRetry={() => rows.refetch()} />;
  if (rows.isPending) return <Skeleton className="h-64" />;
  return <Wall {...source} rows={rows.data.flatMap((page) => page.rows)} pixels={pixels} />;
}

export interface ClassImagesProps extends Source {
  span: Span;
  pixels: boolean;
}

/** All images of one class, page by page. */
export function ClassImages({ span, pixels, ...source }: ClassImagesProps) {
  const rows = useInfiniteQuery({
    queryKey: ["dataset", source.datasetId, "images", source.version, span.name, span.label],
    queryFn: ({ signal, pageParam }) =>
      read(
        source,
        {
          offset: span.start + pageParam,
          limit: Math.min(PAGE, span.count - pageParam),
          label: span.label,
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (_page, pages) => {
      const read = pages.reduce((sum, page) => sum + page.rows.length, 0);
      return read < span.count ? read : undefined;
    },
    enabled: span.count > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (rows.error) return <ErrorNotice error={rows.error} onRetry={() => rows.refetch()} />;
  if (rows.isPending) return <Skeleton className="h-64" />;
  return (
    <>
      <Wall {...source} rows={rows.data.pages.flatMap((page) => page.rows)} pixels={pixels} />
      {rows.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button loading={rows.isFetchingNextPage} onClick={() => rows.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

/** A class by its name, a number with the digits that matter; no label of several is nothing. */
function told(label: Row[number] | undefined): string {
  if (label == null) return "no label";
  return typeof label === "number" ? formatNumber(label) : String(label);
}

interface WallProps extends Source {
  rows: readonly Row[];
  pixels: boolean;
}

function Wall({ datasetId, version, rows, pixels }: WallProps) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(4.25rem,1fr))] gap-2.5">
      {rows.map(([index, label]) => (
        <li key={String(index)}>
          <figure className="h-full overflow-hidden rounded-md border border-line bg-panel">
            <img
              src={imageUrl(datasetId, version, index)}
              alt={`${told(label)}, number ${Number(index) + 1}`}
              loading="lazy"
              className="aspect-square w-full bg-sunken object-contain"
              style={{ imageRendering: pixels ? "pixelated" : "auto" }}
            />
            <figcaption
              className={cx(
                "line-clamp-2 px-1.5 py-0.5 text-center text-2xs break-words",
                label == null ? "text-ink-3 italic" : "text-ink-2",
              )}
              title={told(label)}
            >
              {told(label)}
            </figcaption>
          </figure>
        </li>
      ))}
    </ul>
  );
}
