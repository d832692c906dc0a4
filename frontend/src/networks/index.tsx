/** All networks, last changed first. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { FileInput, Plus, Search, Waypoints } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useBegin } from "../api/begin";
import { datasetsQuery, networkPagesQuery } from "../api/queries";
import {
  Button,
  buttonClass,
  EmptyState,
  ErrorNotice,
  FileButton,
  Page,
  SearchInput,
  Skeleton,
} from "../ui";
import { NetworkCard } from "./NetworkCard";

/** All networks, last changed first. */
export default function Networks() {
  const begin = useBegin();
  const [search, setSearch] = useState("");
  const networks = useInfiniteQuery(networkPagesQuery());
  const datasets = useQuery(datasetsQuery()).data ?? [];
  const names = new Map(datasets.map((dataset) => [dataset.id, dataset.name]));

  const all = networks.data?.pages.flatMap((page) => page.items) ?? [];
  const words = search.trim().toLowerCase();
  const { hasNextPage, isFetching, isError, fetchNextPage } = networks;
  useEffect(() => {
    // What is looked for may be among the older ones.
    if (words && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [words, hasNextPage, isFetching, isError, fetchNextPage]);
  const shown = all.filter((network) =>
    `${network.name} ${names.get(network.dataset_id ?? "") ?? ""}`.toLowerCase().includes(words),
  );

  const create = (
    <Button
      variant="primary"
      icon={<Plus />}
      loading={begin.pending === "empty"}
      onClick={() => begin.empty()}
    >
      New network
    </Button>
  );
  return (
    <Page
      title="Networks"
      actions={
        <>
          <FileButton
            icon={<FileInput />}
            accept=".keras,.json"
            loading={begin.pending === "file"}
            onFiles={([file]) => file && begin.file(file)}
          >
            Import
          </FileButton>
          {create}
        </>
      }
    >
      {begin.error && <ErrorNotice error={begin.error} title="The network could not be made" />}
      {networks.error && <ErrorNotice error={networks.error} onRetry={() => networks.refetch()} />}
      {networks.isPending && (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
          {["a", "b", "c", "d"].map((key) => (
            <Skeleton key={key} className="h-42" />
          ))}
        </div>
      )}
      {networks.data && all.length === 0 && (
        <EmptyState
          icon={<Waypoints />}
          title="No networks yet"
          action={
            <>
              {create}
              <Link href="/" className={buttonClass()}>
                Begin with a sample
              </Link>
            </>
          }
        >
          A network is drawn on a canvas, layer by layer. Begin with an empty one, or with a sample
          that has data and a fitting network in place.
        </EmptyState>
      )}
      {all.length > 0 && (
        <>
          {all.length > 6 && (
            <SearchInput
              className="max-w-sm"
              label="Find a network"
              placeholder="Find by name or dataset …"
              value={search}
              onChange={setSearch}
            />
          )}
          {shown.length === 0 && !hasNextPage && (
            <EmptyState icon={<Search />} title={`No network is called “${search.trim()}”`}>
              Try a part of its name, or the name of its dataset.
            </EmptyState>
          )}
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
            {shown.map((network) => (
              <li key={network.id}>
                <NetworkCard network={network} dataset={names.get(network.dataset_id ?? "")} />
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <div className="flex justify-center">
              <Button loading={networks.isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show older networks
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}
