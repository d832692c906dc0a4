/** The server state that more than one screen shows, under the keys that all of them share. */
import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import {
  checkNetworks,
  listBlocks,
  listDatasets,
  listGallery,
  listNetworks,
  listReference,
  listRuns,
  listSamples,
  listVersions,
  readCatalog,
  readCrossValidation,
  readDataset,
  readDescription,
  readHealth,
  readNetwork,
  readReference,
  readReferencePage,
} from "./generated";
import { ApiError } from "./index";
import { everyItem, LIMIT } from "./pages";

const ACTIVE = new Set(["queued", "preparing", "running", "paused", "stopping"]);

/** True until a run's state is final. */
export function isActive(run: { state: string }): boolean {
  return ACTIVE.has(run.state);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the server refused it will refuse again; a server that is away comes back.
        retry: (failures, error) =>
          failures < 3 &&
          (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

export const healthQuery = () =>
  queryOptions({
    queryKey: ["health"],
    queryFn: ({ signal }) => readHealth({ signal }),
    refetchInterval: 4_000,
    retry: false,
  });

export const catalogQuery = () =>
  queryOptions({
    queryKey: ["catalog"],
    queryFn: ({ signal }) => readCatalog({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A page of the reference; without a name the list of a kind, without a kind that of all. */
export const referenceQuery = (kind?: string, name?: string) =>
  queryOptions({
    queryKey: ["reference", kind, name],
    queryFn: ({ signal }) => {
      if (!kind) return readReference({ signal });
      if (!name) return listReference({ signal, path: { kind } });
      return readReferencePage({ signal, path: { kind, name } });
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const samplesQuery = () =>
  queryOptions({
    queryKey: ["samples"],
    queryFn: ({ signal }) => everyItem((query) => listSamples({ signal, query })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const galleryQuery = () =>
  queryOptions({
    queryKey: ["gallery"],
    queryFn: ({ signal }) => everyItem((query) => listGallery({ signal, query })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The networks that were changed last. */
export const networksQuery = () =>
  queryOptions({
    queryKey: ["networks"],
    queryFn: ({ signal }) => listNetworks({ signal, query: { limit: LIMIT } }),
  });

/** All networks, as many pages of them as were asked for. */
export const networkPagesQuery = () =>
  infiniteQueryOptions({
    queryKey: ["networks", "pages"],
    queryFn: ({ signal, pageParam }) =>
      listNetworks({ signal, query: { limit: LIMIT, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** All networks at once, to find one by its name. */
export const everyNetworkQuery = () =>
  queryOptions({
    queryKey: ["networks", "every"],
    queryFn: ({ signal }) => everyItem((query) => listNetworks({ signal, query })),
  });

/** A network as it was at a revision, for pictures of it: never stale, apart from the editor's. */
export const networkPictureQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: ["network", id, "picture", revision],
    queryFn: async ({ signal }) => {
      const network = await readNetwork({ signal, path: { network_id: id } });
      return network.architecture;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The blocks that were saved for reuse. */
export const blocksQuery = () =>
  queryOptions({
    queryKey: ["blocks"],
    queryFn: ({ signal }) => everyItem((query) => listBlocks({ signal, query })),
  });

/** All datasets, newest first. */
export const datasetsQuery = () =>
  queryOptions({
    queryKey: ["datasets"],
    queryFn: ({ signal }) => everyItem((query) => listDatasets({ signal, query })),
    refetchInterval: (query) =>
      query.state.data?.some((dataset) => dataset.state === "ingesting") ? 700 : false,
  });

/** A dataset as it is now, or as it is in one of its versions. */
export const datasetQuery = (id: string, version?: number) =>
  queryOptions({
    queryKey: version ? ["dataset", id, "version", version] : ["dataset", id],
    queryFn: ({ signal }) => readDataset({ signal, path: { dataset_id: id }, query: { version } }),
    refetchInterval: (query) => {
      const { state, next_version } = query.state.data ?? {};
      return state === "ingesting" || next_version?.state === "ingesting" ? 500 : false;
    },
  });

/** What was known of a run's dataset when it began, which the run keeps. */
export const runDescriptionQuery = (id: string) =>
  queryOptions({
    queryKey: ["run", id, "description"],
    queryFn: ({ signal }) => readDescription({ signal, path: { run_id: id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What a dataset was, is and will be made of, newest first. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["dataset", id, "versions"],
    queryFn: ({ signal }) =>
      everyItem((query) => listVersions({ signal, path: { dataset_id: id }, query })),
  });

/** The networks that use a dataset, and whether they fit one of its versions. */
export const networkFitsQuery = (id: string, version: number | undefined) =>
  queryOptions({
    queryKey: ["dataset", id, "networks", version],
    queryFn: async ({ signal }) =>
      (await checkNetworks({ signal, path: { dataset_id: id }, query: { version } })).items,
  });

/** The folds of a cross-validation and what they come to. */
export const crossValidationQuery = (id: string) =>
  queryOptions({
    queryKey: ["cross-validation", id],
    queryFn: ({ signal }) => readCrossValidation({ signal, path: { cross_validation_id: id } }),
    refetchInterval: (query) => (query.state.data?.runs.some(isActive) ? 1_000 : false),
  });

export interface RunFilter {
  network_id?: string;
  dataset_id?: string;
  parent_id?: string;
  /** Words that a run has in its number, its names, its state or its message. */
  search?: string;
}

export const runsQuery = (filter: RunFilter = {}) =>
  queryOptions({
    queryKey: ["runs", filter],
    queryFn: ({ signal }) => listRuns({ signal, query: { ...filter, limit: LIMIT } }),
    refetchInterval: (query) => (query.state.data?.items.some(isActive) ? 1_000 : 15_000),
  });

/** The runs after a place in the list, as many pages of them as were asked for. */
export const olderRunsQuery = (cursor: string | undefined, search: string) =>
  infiniteQueryOptions({
    queryKey: ["runs", "older", cursor, search],
    queryFn: ({ signal, pageParam }) =>
      listRuns({ signal, query: { limit: LIMIT, cursor: pageParam, search } }),
    initialPageParam: cursor,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
