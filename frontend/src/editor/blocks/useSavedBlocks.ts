/** Blocks saved for reuse in any network. */
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { createBlock, deleteBlock, saveBlock } from "../../api";
import { blocksQuery } from "../../api/queries";
import { toast } from "../../ui";
import { partOf } from "../clipboard";
import { writeDraft } from "../document";
import { blockOf, type Draft, findNode, lender } from "../draft";
import { useDocumentStore } from "../store";

export interface SavedBlocks {
  /** Save the block that a layer of the canvas is made of, over one of the same name. */
  save(id: string): Promise<void>;
  forget(id: string): Promise<void>;
}

function failed(title: string, error: unknown) {
  const description = error instanceof Error ? error.message : String(error);
  toast({ title, description, tone: "bad" });
}

async function trying(title: string, act: () => Promise<void>) {
  try {
    await act();
  } catch (error) {
    failed(title, error);
  }
}

export function useSavedBlocks(): SavedBlocks {
  const store = useDocumentStore();
  const queries = useQueryClient();
  return useMemo(() => {
    const renew = () => queries.invalidateQueries({ queryKey: ["blocks"] });
    return {
      save: async (id) => {
        const { draft, types } = store.getState();
        const block = blockOf(draft, types, id);
        if (!block) return;
        const name = block.title || id;
        const body = { architecture: writeDraft(oneUse(draft, id, name)) };
        try {
          const saved = await queries.fetchQuery(blocksQuery());
          const old = saved.find((each) => each.name === name);
          if (old) await saveBlock({ path: { block_id: old.id }, body });
          else await createBlock({ body });
          await renew();
          const title = `${name} is saved for reuse`;
          if (!old) {
            const description = "It is in the palette of every network now.";
            toast({ title, description, tone: "ok" });
            return;
          }
          const back = async () => {
            const before = { architecture: old.architecture };
            await saveBlock({ path: { block_id: old.id }, body: before });
            await renew();
          };
          toast({
            title,
            description: "It takes the place of the one that was saved under this name.",
            tone: "ok",
            action: {
              label: "Undo",
              onClick: () => void trying("The block is not put back", back),
            },
          });
        } catch (error) {
          failed("The block is not saved", error);
        }
      },
      forget: async (id) => {
        try {
          const saved = await queries.fetchQuery(blocksQuery());
          const old = saved.find((each) => each.id === id);
          await deleteBlock({ path: { block_id: id } });
          await renew();
          const again = async () => {
            if (old) await createBlock({ body: { architecture: old.architecture } });
            await renew();
          };
          toast({
            title: `${old?.name ?? "The block"} is deleted`,
            description: "Networks that use it keep it.",
            action: {
              label: "Undo",
              onClick: () => void trying("The block is not put back", again),
            },
          });
        } catch (error) {
          failed("The block is not deleted", error);
        }
      },
    };
  }, [store, queries]);
}

/** A document of one layer: a use of the block that takes all defaults. */
function oneUse(draft: Draft, id: string, name: string): Draft {
  const own = lender(draft, findNode(draft, id));
  const { nodes, ...part } = partOf(draft, own ? [own.id] : []);
  const plain = nodes.map((use) => ({ ...use, params: { block: use.params.block } }));
  return { ...part, name, nodes: plain, layout: {} };
}
