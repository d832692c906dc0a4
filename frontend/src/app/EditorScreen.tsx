/** The editor with its data, its training and its runs: one calm workbench. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { List, Sparkles, Network as Tree } from "lucide-react";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Link, useParams } from "wouter";
import {
  type Catalog,
  checkArchitecture,
  createRun,
  type Network,
  type NetworkWrite,
  propose,
  readNetwork,
  saveNetwork,
} from "../api";
import { catalogQuery, datasetQuery } from "../api/queries";
import {
  type Activity,
  Autosave,
  Canvas,
  CodePanel,
  createDocument,
  DocumentContext,
  LayerPanel,
  LayerSearch,
  ListView,
  meaning,
  Palette,
  readDraft,
  readKept,
  reportOf,
  TopBar,
  useActions,
  useDocument,
  useDocumentStore,
  useKeys,
  type Work,
  writeDraft,
} from "../editor";
import { DataPanel, RunDrawer, TrainingPanel, useRunLive } from "../training";
import {
  Button,
  Dialog,
  EmptyState,
  ErrorNotice,
  IconButton,
  Pill,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  toast,
  useTitle,
} from "../ui";
import { PageWait } from "./PageWait";

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
      <div className="p-6">
        <ErrorNotice
          error={error}
          onRetry={() => {
            void catalog.refetch();
            void network.refetch();
          }}
        />
      </div>
    );
  }
  if (!catalog.data || !network.data) return <PageWait />;
  return <Document key={id} network={network.data} catalog={catalog.data} />;
}

function workOf(body: NetworkWrite): Work {
  return {
    draft: readDraft(body.architecture),
    datasetId: body.dataset_id ?? null,
    recipe: body.recipe ?? {},
  };
}

function bodyOf({ draft, datasetId, recipe }: Work): NetworkWrite {
  return { architecture: writeDraft(draft), dataset_id: datasetId, recipe };
}

/** One open network: its document and what saves it. */
function Document({ network, catalog }: { network: Network; catalog: Catalog }) {
  const queries = useQueryClient();
  const [{ store, actions, autosave }] = useState(() => {
    const key = `network:${network.id}`;
    const kept = readKept(localStorage, key);
    const first = workOf(kept?.body ?? network);
    const document = createDocument(first, catalog);
    const saving = new Autosave({
      key,
      revision: network.revision,
      saved: bodyOf(workOf(network)),
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
        state.draft === before.draft &&
        state.datasetId === before.datasetId &&
        state.recipe === before.recipe;
      if (!same) autosave.changed(bodyOf(state));
    });
    return () => {
      unsubscribe();
      void autosave.flush();
    };
  }, [store, autosave]);

  return (
    <DocumentContext value={{ store, actions }}>
      <Workbench id={network.id} autosave={autosave} catalog={catalog} />
    </DocumentContext>
  );
}

const CHECK_DELAY = 150;

/** The value as it was a moment ago, so that the server is not asked at every key stroke. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), CHECK_DELAY);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

interface WorkbenchProps {
  id: string;
  autosave: Autosave;
  catalog: Catalog;
}

function Workbench({ id, autosave, catalog }: WorkbenchProps) {
  const actions = useActions();
  const store = useDocumentStore();
  const queries = useQueryClient();
  const draft = useDocument((state) => state.draft);
  const datasetId = useDocument((state) => state.datasetId);
  const recipe = useDocument((state) => state.recipe);
  const selected = useDocument((state) => state.selection.nodes[0]);
  const ok = useDocument((state) => state.report.answer?.ok ?? false);
  const announcement = useDocument((state) => state.announcement);
  const save = useSyncExternalStore(autosave.subscribe, autosave.read);
  const [runId, setRunId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const [tab, setTab] = useState("data");
  const [asList, setAsList] = useState(false);
  useTitle(draft.name);

  const text = useMemo(
    () => JSON.stringify({ architecture: meaning(draft), dataset_id: datasetId, recipe }),
    [draft, datasetId, recipe],
  );
  const settled = useSettled(text);
  const check = useQuery({
    queryKey: ["check", settled],
    queryFn: ({ signal }) => checkArchitecture({ body: JSON.parse(settled), signal }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const proposal = useQuery({
    queryKey: ["proposal", settled],
    queryFn: ({ signal }) => {
      const { architecture, ...rest } = JSON.parse(settled);
      // An empty canvas asks for a network; one that is begun asks only for its recipe.
      const body = architecture.nodes.length > 0 ? { architecture, ...rest } : rest;
      return propose({ body, signal });
    },
    enabled: datasetId !== null,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });

  useEffect(() => {
    const checking = check.isFetching || settled !== text;
    actions.setReport(reportOf(check.data, check.error, checking));
  }, [actions, check.data, check.error, check.isFetching, settled, text]);

  // Choosing a layer shows it; nothing chosen leaves the tab as it is.
  useEffect(() => {
    if (selected) setTab("layer");
  }, [selected]);

  const live = useRunLive(runId);
  useEffect(() => {
    const activity: Record<string, Activity> = {};
    if (!live.finished) {
      for (const [node, statistics] of Object.entries(live.layers ?? {})) {
        const zeros = statistics.activations?.zeros;
        if (zeros === null || zeros === undefined) continue;
        const share = Math.round((1 - zeros) * 100);
        activity[node] = {
          level: 1 - zeros,
          tone: zeros > 0.95 ? "warn" : "ok",
          label: `${share} % of its outputs are not zero`,
        };
      }
    }
    actions.setActivity(activity);
  }, [actions, live.layers, live.finished]);

  const blocked =
    datasetId === null
      ? "Choose a dataset in the tab Data first."
      : draft.nodes.length === 0
        ? "Put layers on the canvas first."
        : !ok
          ? "Mend the problems first: the list is beside this button."
          : null;

  const train = useCallback(async () => {
    if (datasetId === null) {
      setTab("data");
      toast({ title: "No dataset yet", description: "Choose what to train on.", tone: "warn" });
      return;
    }
    setStarting(true);
    try {
      if (!(await autosave.flush())) {
        toast({
          title: "Not started",
          description: "The network could not be saved. See the top bar.",
          tone: "bad",
        });
        return;
      }
      const state = store.getState();
      const run = await createRun({
        body: { network_id: id, dataset_id: datasetId, recipe: state.recipe },
        headers: { "Idempotency-Key": crypto.randomUUID() },
      });
      queries.setQueryData(["run", run.id], run);
      void queries.invalidateQueries({ queryKey: ["runs"] });
      setRunId(run.id);
    } catch (error) {
      toast({
        title: "Not started",
        description: error instanceof Error ? error.message : String(error),
        tone: "bad",
      });
    } finally {
      setStarting(false);
    }
  }, [autosave, datasetId, id, queries, store]);

  useKeys({
    onTrain: () => void train(),
    onSave: () =>
      void autosave
        .flush("Saved by hand")
        .then((saved) => saved && toast({ title: "Revision saved", tone: "ok" })),
  });

  return (
    <div className="grid h-full grid-rows-[auto_minmax(0,1fr)]">
      <TopBar
        save={save}
        onRetry={() => void autosave.flush()}
        onTrain={() => void train()}
        starting={starting}
        blocked={blocked}
        dataset={<DatasetPill id={datasetId} />}
      />
      <div className="grid min-h-0 grid-cols-[200px_minmax(0,1fr)_300px] xl:grid-cols-[228px_minmax(0,1fr)_324px]">
        <Palette />
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="relative min-h-0 flex-1">
            {asList ? (
              <ListView />
            ) : (
              <Canvas empty={<Empty architecture={proposal.data?.architecture} />} />
            )}
            <IconButton
              className="absolute top-3 right-3 z-10 border border-line bg-panel"
              label={asList ? "Show as a picture" : "Show as a list"}
              icon={asList ? <Tree /> : <List />}
              aria-pressed={asList}
              onClick={() => setAsList(!asList)}
            />
          </div>
          <RunDrawer
            networkId={id}
            runId={runId}
            onRun={setRunId}
            onStart={() => void train()}
            starting={starting}
            onApplyFix={(fix) => {
              const refused = actions.applyFix(fix);
              if (refused) toast({ title: "Not applied", description: refused, tone: "warn" });
            }}
            proposal={proposal.data}
          />
        </div>
        <Tabs
          value={tab}
          onValueChange={setTab}
          className="flex min-h-0 flex-col border-l border-line bg-panel"
        >
          <TabList aria-label="Inspector">
            <Tab value="layer">Layer</Tab>
            <Tab value="data">Data</Tab>
            <Tab value="training">Training</Tab>
            <Tab value="code">Code</Tab>
          </TabList>
          <TabPanel value="layer" className="min-h-0 flex-1 overflow-y-auto">
            <LayerPanel />
          </TabPanel>
          <TabPanel value="data" className="min-h-0 flex-1 overflow-y-auto">
            <DataPanel
              datasetId={datasetId}
              recipe={recipe}
              proposal={proposal.data}
              error={proposal.error}
              onDataset={(chosen) => actions.setDataset(chosen)}
              onChange={(changed) => actions.setRecipe(changed)}
            />
          </TabPanel>
          <TabPanel value="training" className="min-h-0 flex-1 overflow-y-auto">
            <TrainingPanel
              datasetId={datasetId}
              recipe={recipe}
              proposal={proposal.data}
              error={proposal.error}
              catalog={catalog}
              onChange={(changed) => actions.setRecipe(changed)}
            />
          </TabPanel>
          <TabPanel value="code" className="min-h-0 flex-1">
            <CodePanel />
          </TabPanel>
        </Tabs>
      </div>
      <LayerSearch />
      <Conflict autosave={autosave} />
      <p className="sr-only" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}

function DatasetPill({ id }: { id: string | null }) {
  const { data } = useQuery({ ...datasetQuery(id ?? ""), enabled: id !== null });
  if (!data) return null;
  return (
    <Link href={`/datasets/${data.id}`} className="max-lg:hidden">
      <Pill>
        <b className="max-w-32 truncate">{data.name}</b>
      </Pill>
    </Link>
  );
}

/** What an empty canvas says, and the way to a first network. */
function Empty({ architecture }: { architecture: Network["architecture"] | undefined }) {
  const actions = useActions();
  return (
    <EmptyState
      icon={<Sparkles />}
      title="An empty canvas"
      action={
        architecture && (
          <Button
            variant="primary"
            onClick={() => actions.replace({ draft: readDraft(architecture) })}
          >
            Use the proposed network
          </Button>
        )
      }
    >
      Drag layers here from the left, or double-click to search for one.
      {!architecture && " Choose a dataset in the tab Data to have a first network proposed."}
    </EmptyState>
  );
}

/** The network was saved elsewhere meanwhile: both versions are offered, none is lost. */
function Conflict({ autosave }: { autosave: Autosave }) {
  const actions = useActions();
  const save = useSyncExternalStore(autosave.subscribe, autosave.read);
  if (save.status !== "conflict") return null;
  const { theirs } = save;
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title="This network was changed elsewhere"
      description={`Revision ${theirs.revision} was saved while you were editing. The version that you do not choose stays among the revisions, or can be brought back with undo.`}
      footer={
        <>
          <Button
            onClick={() => {
              const work = workOf(theirs);
              autosave.takeTheirs(bodyOf(work));
              actions.replace(work);
            }}
          >
            Take the other version
          </Button>
          <Button variant="primary" onClick={() => void autosave.keepMine()}>
            Keep my version
          </Button>
        </>
      }
    >
      <p className="text-sm text-ink-2">
        The other version has {theirs.nodes} layers and was saved at{" "}
        {new Date(theirs.updated_at).toLocaleTimeString()}.
      </p>
    </Dialog>
  );
}
