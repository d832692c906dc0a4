/** The networks behind the first page. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { listNetworks, type NetworkSummary } from "../api";
import { Button } from "../ui";

interface Older {
  items: NetworkSummary[];
  hasMore: boolean;
  loading: boolean;
  more: () => void;
}

/** The networks behind the first page, fetched when asked for. */
export function useOlderNetworks(cursor: string | null | undefined): Older {
  const query = useInfiniteQuery({
    queryKey: ["networks", "older", cursor],
    queryFn: ({ signal, pageParam }) =>
      listNetworks({ signal, query: { limit: 200, cursor: pageParam } }),
    initialPageParam: cursor ?? null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: false,
  });
  return {
    items: query.data?.pages.flatMap((page) => page.items) ?? [],
    hasMore: query.data ? query.hasNextPage : Boolean(cursor),
    loading: query.isFetching,
    more: () => void (query.data ? query.fetchNextPage() : query.refetch()),
  };
}

export function ShowMore({ hasMore, loading, more }: Older) {
  if (!hasMore) return null;
  return (
    <div className="flex justify-center">
      <Button loading={loading} onClick={more}>
        Show older networks
      </Button>
    </div>
  );
}
