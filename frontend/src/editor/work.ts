/** The work: what the editor edits, undo goes through, and autosave saves. */
import type { NetworkWrite, Recipe } from "../api";
import { readDraft, writeDraft } from "./document";
import type { Draft } from "./draft";

export interface Work {
  /** The whole network, whatever of it is on the canvas. */
  readonly network: Draft;
  readonly datasetId: string | null;
  /** Only the user's own choices: what is null or absent is proposed. */
  readonly recipe: Recipe;
}

/** A network or a revision as the server has it. */
type Saved = Pick<NetworkWrite, "architecture" | "dataset_id" | "recipe">;

export function readWork({ architecture, dataset_id, recipe }: Saved): Work {
  return {
    network: readDraft(architecture),
    datasetId: dataset_id ?? null,
    recipe: recipe ?? {},
  };
}

export function writeWork({ network, datasetId, recipe }: Work): NetworkWrite {
  return { architecture: writeDraft(network), dataset_id: datasetId, recipe };
}
