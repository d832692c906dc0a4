/** Networks as files: a file that is opened, and the network saved to one. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation } from "wouter";
import { createNetwork } from "../../api";
import { readPart, useActions, useDocumentStore, writeDraft } from "../../editor";
import { saveFile, toast } from "../../ui";

export function useFiles() {
  const actions = useActions();
  const store = useDocumentStore();
  const queries = useQueryClient();
  const [, navigate] = useLocation();

  /** On an empty canvas the file's network is put; beside one that is begun it is a new one. */
  const open = useCallback(
    async (file: File) => {
      const { types, draft } = store.getState();
      const read = readPart(await file.text(), types);
      if (!read.ok) {
        const description = `${file.name}: ${read.reason} Data is added on the page Datasets.`;
        toast({ title: "Not opened", description, tone: "warn" });
        return;
      }
      if (draft.nodes.length === 0) {
        actions.paste(read.part);
        return;
      }
      try {
        const network = await createNetwork({ body: { architecture: writeDraft(read.part) } });
        void queries.invalidateQueries({ queryKey: ["networks"] });
        navigate(`/networks/${network.id}`);
        toast({ title: `${network.name} is opened as a new network`, tone: "ok" });
      } catch (error) {
        const description = error instanceof Error ? error.message : String(error);
        toast({ title: "Not opened", description, tone: "bad" });
      }
    },
    [actions, navigate, queries, store],
  );

  const save = useCallback(() => {
    const { draft } = store.getState();
    const text = JSON.stringify(writeDraft(draft), null, 2);
    const name = draft.name.replace(/[^\p{L}\p{N} ._-]+/gu, "_").trim() || "network";
    saveFile(`${name}.json`, new Blob([text], { type: "application/json" }));
  }, [store]);
  return { open, save };
}
