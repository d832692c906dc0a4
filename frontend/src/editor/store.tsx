/** The store of an open network, and how components reach it. */
import { ReactFlowProvider } from "@xyflow/react";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { temporal } from "zundo";
import { createStore, useStore } from "zustand";
import type { Catalog } from "../api";
import { DocumentActions } from "./actions";
import { EMPTY_REPORT } from "./report";
import { type DocumentStore, type EditorState, type History, type Past, workOf } from "./state";
import { placed } from "./tidy";
import type { Work } from "./work";

/** A store for one network, and the actions on it. */
export function createDocument(
  work: Work,
  catalog: Catalog,
  now?: () => number,
): { store: DocumentStore; actions: DocumentActions } {
  const network = placed(work.network);
  const store = createStore<EditorState>()(
    temporal(
      (): EditorState => ({
        ...work,
        network,
        inside: [],
        open: null,
        draft: network,
        catalog,
        types: new Map(catalog.layers.map((type) => [type.type, type])),
        selection: { nodes: [], edges: [] },
        report: EMPTY_REPORT,
        activity: {},
        marks: {},
        search: null,
        wish: null,
        announcement: "",
      }),
      {
        limit: 200,
        // Undo goes to where the change was made.
        partialize: (state): Past => ({ ...workOf(state), inside: state.inside }),
        equality: (past, current) =>
          past.network === current.network &&
          past.datasetId === current.datasetId &&
          past.recipe === current.recipe,
      },
    ),
  ) as DocumentStore;
  return { store, actions: new DocumentActions(store, now) };
}

interface Open {
  store: DocumentStore;
  actions: DocumentActions;
}

const DocumentContext = createContext<Open | null>(null);

/** Around the editor's parts: the open document, and the canvas that shows it. */
export function EditorProvider({ store, actions, children }: Open & { children: ReactNode }) {
  const open = useMemo(() => ({ store, actions }), [store, actions]);
  return (
    <DocumentContext value={open}>
      <ReactFlowProvider>{children}</ReactFlowProvider>
    </DocumentContext>
  );
}

function useOpen() {
  const open = useContext(DocumentContext);
  if (!open) throw new Error("Expected an EditorProvider around the editor's parts.");
  return open;
}

/** Read the open document. */
export function useDocument<T>(selector: (state: EditorState) => T): T {
  return useStore(useOpen().store, selector);
}

export function useActions(): DocumentActions {
  return useOpen().actions;
}

/** The store itself, for handlers that read once. */
export function useDocumentStore(): DocumentStore {
  return useOpen().store;
}

export function useHistory<T>(selector: (history: History) => T): T {
  return useStore(useOpen().store.temporal, selector);
}
