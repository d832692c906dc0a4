/** Networks as files: a file that is opened, and the network saved to one. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation } from "wouter";
import { type Architecture, createNetwork } from "../../api";
import { importFile } from "../../api/importing";
import { readPart, useActions, useDocumentStore, writeDraft } from "../../editor";
import { saveFile, toast } from "../../ui";

function hasBlocks({ blocks = {} }: Architecture): boolean {
  return Object.keys(blocks).length > 0;
}

export function useFiles() {
  const actions = useActions();
  const store = useDocumentStore();
  const queries = useQueryClient();
  const [, navigate] = useLocation();

  /** On an empty canvas the file's network is put; beside one that is begun it is a new one. */
  const open = useCallback(
    async (file: File) => {
      try {
        const { types, draft } = store.getState();
        const { architecture } = await importFile(file);
        const read = readPart(JSON.stringify(architecture), types);
        if (read.ok && draft.nodes.length === 0 && !hasBlocks(architecture)) {
          actions.paste(read.part);
          return;
        }
        const network = await createNetwork({ body: { architecture } });
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
