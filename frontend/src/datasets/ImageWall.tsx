/** The images themselves. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ImageShape, readRows } from "../api";
import { Button, ErrorNotice, formatCount, Section, Skeleton } from "../ui";

const PAGE = 96;

export interface ImageWallProps {
  datasetId: string;
  total: number;
  image: ImageShape | null | undefined;
}

/** The images themselves, as the network sees them. */
export function ImageWall({ datasetId, total, image }: ImageWallProps) {
  const rows = useInfiniteQuery({
    queryKey: ["dataset", datasetId, "images"],
    queryFn: ({ signal, pageParam }) =>
      readRows({
        signal,
        path: { dataset_id: datasetId },
        query: { offset: pageParam, limit: PAGE },
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => {
      const next = page.offset + page.rows.length;
      return page.rows.length && next < page.total ? next : undefined;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const shown = rows.data?.pages.flatMap((page) => page.rows) ?? [];
  // Small images are drawn pixel by pixel, large ones smoothly.
  const small = image ? Math.max(image.height, image.width) <= 64 : false;

  return (
    <Section
      title="Images"
      hint={`${formatCount(shown.length)} of ${formatCount(total)}, as the network sees them`}
    >
      {rows.error && <ErrorNotice error={rows.error} onRetry={() => rows.refetch()} />}
      {rows.isPending && <Skeleton className="h-64" />}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(4.25rem,1fr))] gap-2.5">
        {shown.map(([index, label]) => (
          <li key={String(index)}>
            <figure className="overflow-hidden rounded-md border border-line bg-panel">
              <img
                src={`/api/datasets/${datasetId}/images/${index}`}
                alt={`Number ${Number(index) + 1}, of class ${label}`}
                loading="lazy"
                className="aspect-square w-full bg-sunken object-contain"
                style={{ imageRendering: small ? "pixelated" : "auto" }}
              />
              <figcaption className="truncate px-1.5 py-0.5 text-center text-2xs text-ink-2">
                {String(label)}
              </figcaption>
            </figure>
          </li>
        ))}
      </ul>
      {rows.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button loading={rows.isFetchingNextPage} onClick={() => rows.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Section>
  );
}
