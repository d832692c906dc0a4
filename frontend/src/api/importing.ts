/** Networks of others: the server reads the file and tells what it could not carry over. */
import { useSyncExternalStore } from "react";
import { type ImportAnswer, type ImportNote, importArchitecture } from "./generated";

export interface Told {
  /** The file that was imported. */
  file: string;
  notes: readonly ImportNote[];
}

let told: Told | null = null;
const listeners = new Set<() => void>();

function tell(next: Told | null) {
  told = next;
  for (const listener of listeners) listener();
}

/** Reads a Keras file, a model's JSON or a document of ours as an architecture. */
export async function importFile(file: File): Promise<ImportAnswer> {
  const form = new FormData();
  form.append("file", file);
  const answer = await importArchitecture({
    // The route takes a form or JSON, which the generated type cannot say.
    body: form as never,
    bodySerializer: null,
    headers: { "Content-Type": null },
  });
  if (answer.notes.length > 0) tell({ file: file.name, notes: answer.notes });
  return answer;
}

/** What could not be carried over at the last import, until it was read. */
export function useImportNotes(): Told | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => told,
  );
}

/** They were read. */
export function dismissImportNotes(): void {
  tell(null);
}
