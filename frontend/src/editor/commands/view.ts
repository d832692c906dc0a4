/** What of the network is seen, and how. */
import {
  List,
  Maximize,
  MoveHorizontal,
  PanelRight,
  Scan,
  Network as Workflow,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { anyLayers, type EditorCommand } from "./types";

export const VIEW: readonly EditorCommand[] = [
  {
    id: "zoom-in",
    group: "View",
    title: "Zoom in",
    icon: ZoomIn,
    keys: [["+"], ["="]],
    run: ({ view }) => view.zoomIn(),
  },
  {
    id: "zoom-out",
    group: "View",
    title: "Zoom out",
    icon: ZoomOut,
    keys: [["-"]],
    run: ({ view }) => view.zoomOut(),
  },
  {
    id: "fit",
    group: "View",
    menu: "canvas",
    title: "Show the whole network",
    icon: Maximize,
    keywords: "zoom fit all",
    keys: [["0"]],
    run: ({ view }) => view.fit(),
  },
  {
    id: "full-size",
    group: "View",
    title: "Show it at full size",
    icon: Scan,
    keywords: "zoom 100%",
    keys: [["1"]],
    run: ({ view }) => view.fullSize(),
  },
  {
    id: "tidy",
    group: "View",
    menu: "canvas",
    title: "Tidy the layout",
    icon: Workflow,
    keywords: "arrange order clean",
    keys: [["T"]],
    needs: anyLayers,
    run: ({ actions, view }) => {
      actions.tidy();
      view.begin();
    },
  },
  {
    id: "turn",
    group: "View",
    title: "Let it flow the other way",
    icon: MoveHorizontal,
    keywords: "direction top bottom left right horizontal vertical turn",
    keys: [["Shift", "T"]],
    needs: anyLayers,
    run: ({ actions, store }) =>
      actions.turn(store.getState().draft.heading === "down" ? "right" : "down"),
  },
  {
    id: "list",
    group: "View",
    title: "Change between picture and list",
    icon: List,
    keywords: "screen reader table",
    keys: [["L"]],
    run: ({ host }) => host.toggleList(),
  },
  ...(["layer", "data", "training", "code"] as const).map(
    (tab): EditorCommand => ({
      id: `tab-${tab}`,
      group: "View",
      title: `Show the tab ${tab[0]?.toUpperCase()}${tab.slice(1)}`,
      icon: PanelRight,
      keywords: "inspector dataset recipe source pytorch keras",
      run: ({ host }) => host.showTab(tab),
    }),
  ),
];
