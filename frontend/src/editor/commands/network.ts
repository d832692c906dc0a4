/** The network as a whole. */
import { FileDown, FolderOpen, History, Play, Save } from "lucide-react";
import { anyLayers, type EditorCommand } from "./types";

export const NETWORK: readonly EditorCommand[] = [
  {
    id: "train",
    group: "Network",
    title: "Train",
    icon: Play,
    keywords: "run start fit learn",
    keys: [["Mod", "Enter"]],
    scope: "always",
    run: ({ host }) => host.train(),
  },
  {
    id: "save",
    group: "Network",
    title: "Save a revision with a name …",
    icon: Save,
    keys: [["Mod", "S"]],
    scope: "always",
    run: ({ host }) => host.nameRevision(),
  },
  {
    id: "revisions",
    group: "Network",
    title: "Look at earlier revisions …",
    icon: History,
    keywords: "history versions restore compare",
    run: ({ host }) => host.showRevisions(),
  },
  {
    id: "open",
    group: "Network",
    title: "Open a network from a file …",
    icon: FolderOpen,
    keywords: "import keras json architecture load",
    keys: [["Mod", "O"]],
    run: ({ host }) => host.openFile(),
  },
  {
    id: "export",
    group: "Network",
    title: "Save the network to a file",
    icon: FileDown,
    keywords: "export json architecture download",
    needs: anyLayers,
    run: ({ host }) => host.saveFile(),
  },
];
