/** The work: what the editor edits, undo goes through, and autosave saves. */
import type { NetworkWrite, Recipe } from "../api";
import { type Draft, readDraft, writeDraft } from "./draft";

export interface Work {
  readonly draft: Draft;
  readonly datasetId: string | null;
  /** Only the user's own choices: what is null or absent is proposed. */
  readonly recipe: Recipe;
}

/** A network or a revision as the server has it. */
type Saved = Pick<NetworkWrite, "architecture" | "dataset_id" | "recipe">;

export function readWork({ architecture, dataset_id, recipe }: Saved): Work {
  return { draft: readDraft(architecture), datasetId: dataset_id ?? null, recipe: recipe ?? {} };
}

export function writeWork({ draft, datasetId, recipe }: Work): NetworkWrite {
  return { architecture: writeDraft(draft), dataset_id: datasetId, recipe };
}
