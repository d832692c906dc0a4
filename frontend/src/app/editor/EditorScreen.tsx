/** The editor's page: reads a network, and keeps it saved while it is open. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Waypoints } from "lucide-react";
import { useEffect, useState } from "react";
import { useParams } from "wouter";
import { type Catalog, type Network, readNetwork, saveNetwork } from "../../api";
import { catalogQuery } from "../../api/queries";
import {
  Autosave,
  createDocument,
  EditorProvider,
  readKept,
  readWork,
  writeWork,
} from "../../editor";
import { Unavailable } from "../../ui";
import { PageWait } from "../PageWait";
import { Workbench } from "./Workbench";

export default function EditorScreen() {
  const { id } = useParams<{ id: string }>();
  const catalog = useQuery(catalogQuery());
  const network = useQuery({
    queryKey: ["network", id],
    queryFn: ({ signal }) => readNetwork({ path: { network_id: id }, signal }),
    // The document belongs to the editor from here on; a later answer must not replace it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const error = catalog.error ?? network.error;
  if (error) {
    return (
      <Unavailable
        what="network"
        all="/networks"
        icon={<Waypoints />}
        error={error}
        onRetry={() => {
          void catalog.refetch();
          void network.refetch();
        }}
      />
    );
  }
  if (!catalog.data || !network.data) return <PageWait />;
  return <Document key={id} network={network.data} catalog={catalog.data} />;
}

/** One open network: its document and what saves it. */
function Document({ network, catalog }: { network: Network; catalog: Catalog }) {
  const queries = useQueryClient();
  const [{ store, actions, autosave }] = useState(() => {
    const key = `network:${network.id}`;
    const kept = readKept(localStorage, key);
    const first = readWork(kept?.body ?? network);
    const document = createDocument(first, catalog);
    const saving = new Autosave({
      key,
      revision: network.revision,
      saved: writeWork(readWork(network)),
      storage: localStorage,
      server: {
        save: (body, revision) =>
          saveNetwork({
            path: { network_id: network.id },
            headers: { "If-Match": `"${revision}"` },
            body,
          }),
        read: () => readNetwork({ path: { network_id: network.id } }),
      },
      onSaved: () => void queries.invalidateQueries({ queryKey: ["networks"] }),
    });
    // Work that was kept here goes on, unless the network was changed elsewhere meanwhile.
    if (kept) saving.changed(kept.body);
    if (kept && kept.revision !== network.revision) saving.offer(network);
    return { ...document, autosave: saving };
  });

  useEffect(() => {
    const unsubscribe = store.subscribe((state, before) => {
      const same =
        state.network === before.network &&
        state.datasetId === before.datasetId &&
        state.recipe === before.recipe;
      if (!same) autosave.changed(writeWork(state));
    });
    return () => {
      unsubscribe();
      void autosave.flush();
    };
  }, [store, autosave]);

  return (
    <EditorProvider store={store} actions={actions}>
      <Workbench id={network.id} autosave={autosave} catalog={catalog} />
    </EditorProvider>
  );
}
