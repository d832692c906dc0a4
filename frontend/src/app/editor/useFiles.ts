/** Networks as files: a file that is opened, and the network saved to one. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation } from "wouter";
import { createNetwork } from "../../api";
import { importFile } from "../../api/importing";
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
      try {
        const { types, network: begun } = store.getState();
        const { architecture } = await importFile(file);
        const read = readPart(JSON.stringify(architecture), types);
        if (read.ok && begun.nodes.length === 0) {
          actions.paste(read.part);
          return;
        }
        const network = await createNetwork({ body: { architecture } });
        void queries.invalidateQueries({ queryKey: ["networks"] });
        navigate(`/networks/${network.id}`);
        toast({ title: `${network.name} is opened as a new network`, tone: "ok" });
      } catch (error) {
        const description = error instanceof Error ? error.message : String(error);
        toast({ title: `${file.name} was not opened`, description, tone: "bad" });
      }
    },
    [actions, navigate, queries, store],
  );

  const save = useCallback(() => {
    const { network } = store.getState();
    const text = JSON.stringify(writeDraft(network), null, 2);
    const name = network.name.replace(/[^\p{L}\p{N} ._-]+/gu, "_").trim() || "network";
    saveFile(`${name}.json`, new Blob([text], { type: "application/json" }));
  }, [store]);
  return { open, save };
}
