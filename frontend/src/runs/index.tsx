/** All runs, to find, filter and open. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ChartLine, Search } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { Link } from "wouter";
import type { RunSummary } from "../api";
import { isActive, olderRunsQuery, runsQuery } from "../api/queries";
import {
  Button,
  buttonClass,
  EmptyState,
  ErrorNotice,
  formatCount,
  Page,
  SearchInput,
  Segmented,
  Skeleton,
} from "../ui";
import { RunTable } from "./RunTable";

type StateFilter = "all" | "active" | "done" | "trouble";

const FILTERS: Record<StateFilter, (run: RunSummary) => boolean> = {
  all: () => true,
  active: isActive,
  done: (run) => run.state === "completed" || run.state === "stopped",
  trouble: (run) => run.state === "failed" || run.state === "diverged",
};

function matches(run: RunSummary, words: string): boolean {
  const text = `run ${run.number} ${run.network_name} ${run.dataset_name} ${run.state} ${run.message}`;
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
}

const NONE: RunSummary[] = [];

/** Runs older than the newest ones: those that a search finds at once, all others when asked for. */
function useOlderRuns(cursor: string | undefined, search: string) {
  const [asked, setAsked] = useState(false);
  const words = useDeferredValue(search);
  const shown = cursor !== undefined && (asked || words !== "");
  const query = useInfiniteQuery({
    ...olderRunsQuery(cursor, words),
    enabled: shown,
    placeholderData: keepPreviousData,
  });
  return {
    runs: useMemo(
      () => (shown && query.data ? query.data.pages.flatMap(({ items }) => items) : NONE),
      [shown, query.data],
    ),
    /** There are others that nobody has asked for yet. */
    more: cursor !== undefined && (!shown || query.hasNextPage || query.isPending),
    reading: shown && query.isFetching,
    error: query.error,
    show: () => {
      if (shown) void query.fetchNextPage();
      else setAsked(true);
    },
  };
}

/** All runs in one table, newest first unless sorted. */
export default function Runs() {
  const [search, setSearch] = useState("");
  const [filter, setFilter] = useState<StateFilter>("all");
  const runs = useQuery(runsQuery());
  const older = useOlderRuns(runs.data?.next_cursor ?? undefined, search.trim());
  const all = useMemo(() => [...(runs.data?.items ?? []), ...older.runs], [runs.data, older.runs]);
  const counts = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(FILTERS).map(([key, keep]) => [key, all.filter(keep).length]),
      ) as Record<StateFilter, number>,
    [all],
  );
  const shown = all.filter((run) => FILTERS[filter](run) && matches(run, search.trim()));
  const option = (value: StateFilter, label: string) => ({
    value,
    label: (
      <>
        {label} <span className="font-normal text-ink-3">{formatCount(counts[value])}</span>
      </>
    ),
  });

  return (
    <Page title="Runs" summary="Every training of every network, as it went.">
      {runs.error && <ErrorNotice error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.isPending && (
        <div className="grid gap-2">
          {["a", "b", "c", "d", "e"].map((key) => (
            <Skeleton key={key} className="h-12" />
          ))}
        </div>
      )}
      {runs.data && all.length === 0 && (
        <EmptyState
          icon={<ChartLine />}
          title="No runs yet"
          action={
            <Link href="/" className={buttonClass("primary")}>
              Train a first network
            </Link>
          }
        >
          A run is one training of one network on one dataset. Open a network, choose its data and
          press Train.
        </EmptyState>
      )}
      {all.length > 0 && (
        <div className="grid gap-4">
          <div className="flex flex-wrap items-center gap-3">
            <SearchInput
              className="w-full max-w-xs"
              label="Find a run"
              placeholder="Find by network, dataset, number …"
              value={search}
              onChange={setSearch}
            />
            <Segmented
              label="State"
              value={filter}
              onChange={setFilter}
              options={[
                option("all", "All"),
                option("active", "Under way"),
                option("done", "Done"),
                option("trouble", "In trouble"),
              ]}
            />
          </div>
          {shown.length ? (
            <RunTable runs={shown} />
          ) : older.reading ? (
            <Skeleton className="h-40" />
          ) : (
            <EmptyState icon={<Search />} title="No run fits">
              Try other words, or look at all states.
            </EmptyState>
          )}
          {older.error && <ErrorNotice error={older.error} onRetry={older.show} />}
          {older.more && (
            <div className="flex justify-center">
              <Button loading={older.reading} onClick={older.show}>
                Show older runs
              </Button>
            </div>
          )}
        </div>
      )}
    </Page>
  );
}
