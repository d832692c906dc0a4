/** The ways to a new network: an empty canvas, a sample, a dataset, the gallery, a file. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import {
  type Architecture,
  createDataset,
  createNetwork,
  type Dataset,
  type DatasetSummary,
  listDatasets,
  type Network,
  type Proposal,
  propose,
  readDataset,
  readGalleryEntry,
} from "./generated";
import { importFile } from "./importing";
import { everyItem } from "./pages";

const EMPTY: Architecture = {
  format: "neuroloom/1",
  name: "Untitled network",
  nodes: [],
  edges: [],
};

/** A sample as a dataset: the one that is there already, or a new one. */
export async function addSample(slug: string): Promise<Dataset | DatasetSummary> {
  const datasets = await everyItem((query) => listDatasets({ query }));
  const there = datasets.find((dataset) => dataset.sample === slug && dataset.state === "ready");
  return there ?? (await createSample(slug));
}

/** Points on a plane, made as they are asked for: new ones each time. */
export function addPoints(slug: string, rows: number, noise: number): Promise<Dataset> {
  return createSample(slug, { rows, noise });
}

async function createSample(slug: string, settings: object = {}): Promise<Dataset> {
  const made = await createDataset({
    // The route takes a form or JSON, which the generated type cannot say.
    body: { sample: slug, ...settings } as never,
    headers: { "Content-Type": "application/json" },
  });
  return made.state === "ingesting" ? settled(made) : made;
}

/** The dataset when its reading has ended. */
async function settled(dataset: Dataset): Promise<Dataset> {
  let now = dataset;
  while (now.state === "ingesting") {
    await new Promise((resolve) => setTimeout(resolve, 200));
    now = await readDataset({ path: { dataset_id: dataset.id } });
  }
  return now;
}

export interface ProposedNetwork {
  datasetId: string;
  name: string;
  proposal: Proposal;
}

/**
 * Saves a proposal as a network that knows its dataset. Its recipe is left open: what nobody chose
 * is proposed again with its reasons, and a saved value would count as chosen.
 */
export function saveProposal({ datasetId, name, proposal }: ProposedNetwork): Promise<Network> {
  return createNetwork({
    body: { architecture: { ...proposal.architecture, name }, dataset_id: datasetId },
  });
}

async function fromSample({ slug, title }: { slug: string; title: string }): Promise<Network> {
  const dataset = await addSample(slug);
  const proposal = await propose({ body: { dataset_id: dataset.id } });
  return saveProposal({ datasetId: dataset.id, name: title, proposal });
}

/** A copy of a ready-made network; with a sample it knows its dataset, and can be trained at once. */
async function fromGallery(slug: string, sample: string | null): Promise<Network> {
  const { architecture } = await readGalleryEntry({ path: { slug } });
  const dataset = sample === null ? null : await addSample(sample);
  return createNetwork({ body: { architecture, dataset_id: dataset?.id } });
}

async function fromFile(file: File): Promise<Network> {
  const { architecture } = await importFile(file);
  return createNetwork({ body: { architecture } });
}

/**
 * Each opens the editor on the network it made. `pending` is what is being made, `failed` what was
 * not, `error` why.
 */
export function useBegin() {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const making = useMutation({
    mutationFn: ({ make }: { key: string; make: () => Promise<Network> }) => make(),
    onSuccess: (network) => {
      void client.invalidateQueries({ queryKey: ["networks"] });
      void client.invalidateQueries({ queryKey: ["datasets"] });
      navigate(`/networks/${network.id}`);
    },
  });
  const start = (key: string, make: () => Promise<Network>) => {
    if (!making.isPending) making.mutate({ key, make });
  };
  return {
    empty: () => start("empty", () => createNetwork({ body: { architecture: EMPTY } })),
    sample: (slug: string, title: string) =>
      start(`sample:${slug}`, () => fromSample({ slug, title })),
    gallery: (slug: string, sample: string | null) =>
      start(`gallery:${slug}:${sample ?? ""}`, () => fromGallery(slug, sample)),
    file: (file: File) => start("file", () => fromFile(file)),
    proposal: (proposed: ProposedNetwork) => start("proposal", () => saveProposal(proposed)),
    pending: making.isPending ? making.variables.key : null,
    error: making.error,
    failed: making.error ? making.variables.key : null,
  };
}
