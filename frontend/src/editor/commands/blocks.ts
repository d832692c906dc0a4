/** Blocks, and layers that share weights. */
import {
  BookmarkPlus,
  BoxSelect,
  Link2,
  LogOut,
  PackageOpen,
  PackageX,
  Ungroup,
  Unlink2,
} from "lucide-react";
import { toast } from "../../ui";
import { unused } from "../blocks/uses";
import { blockOf, findNode } from "../draft";
import type { EditorState } from "../state";
import { type EditorCommand, oneSelected, someSelected } from "./types";

/** The selected layer, if it is a block. */
function selectedBlock({ draft, types, selection }: EditorState): string | null {
  const [id, other] = selection.nodes;
  return id !== undefined && other === undefined && blockOf(draft, types, id) ? id : null;
}

function refuse(title: string, reason: string | null) {
  if (reason !== null) toast({ title, description: reason, tone: "warn" });
}

export const BLOCKS: readonly EditorCommand[] = [
  {
    id: "open-block",
    group: "Blocks",
    title: "Open the selected block",
    icon: PackageOpen,
    keywords: "inside enter zoom into group",
    keys: [["Enter"]],
    scope: "canvas",
    menu: "layer",
    needs: (state) => selectedBlock(state) !== null,
    run: ({ actions, store }) => {
      const id = selectedBlock(store.getState());
      if (id !== null) actions.enter(id);
    },
  },
  {
    id: "leave-block",
    group: "Blocks",
    title: "Leave the open block",
    icon: LogOut,
    keywords: "outside out up back network",
    keys: [["Escape"]],
    scope: "canvas",
    menu: "canvas",
    needs: ({ inside, selection }) => inside.length > 0 && selection.nodes.length === 0,
    run: ({ actions }) => actions.leave(),
  },
  {
    id: "fold",
    group: "Blocks",
    title: "Fold the selected layers into a block",
    icon: BoxSelect,
    keywords: "group collapse repeat reuse",
    keys: [["Mod", "G"]],
    menu: "layer",
    needs: someSelected,
    run: ({ actions }) => refuse("Not folded", actions.fold()),
  },
  {
    id: "unfold",
    group: "Blocks",
    title: "Unfold the selected block",
    icon: Ungroup,
    keywords: "ungroup expand dissolve",
    keys: [["Mod", "Shift", "G"]],
    menu: "layer",
    needs: oneSelected,
    run: ({ actions }) => refuse("Not unfolded", actions.unfold()),
  },
  {
    id: "save-block",
    group: "Blocks",
    title: "Save the selected block for reuse",
    icon: BookmarkPlus,
    keywords: "library other networks keep",
    menu: "layer",
    needs: (state) => selectedBlock(state) !== null,
    run: ({ host, store }) => {
      const id = selectedBlock(store.getState());
      if (id !== null) host.saveBlock(id);
    },
  },
  {
    id: "duplicate-shared",
    group: "Blocks",
    title: "Duplicate with shared weights",
    icon: Link2,
    keywords: "siamese same weights tied twin",
    keys: [["Mod", "Shift", "D"]],
    menu: "layer",
    needs: someSelected,
    run: ({ actions }) => refuse("Not duplicated", actions.duplicateShared()),
  },
  {
    id: "own-weights",
    group: "Blocks",
    title: "Give it its own weights",
    icon: Unlink2,
    keywords: "unshare untie separate weights",
    menu: "layer",
    needs: ({ draft, selection }) => selection.nodes.some((id) => findNode(draft, id)?.shares),
    run: ({ actions }) => actions.ownWeights(),
  },
  {
    id: "forget-blocks",
    group: "Blocks",
    title: "Forget the blocks that are not used",
    icon: PackageX,
    keywords: "remove delete definition clean unused",
    needs: ({ network, types }) => unused(network, types).length > 0,
    run: ({ actions }) => actions.forgetBlocks(),
  },
];
