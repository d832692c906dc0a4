/** The editor with its data, its training and its runs: one calm workbench. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { List, Network as Tree } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Link } from "wouter";
import type { Catalog } from "../../api";
import { datasetQuery } from "../../api/queries";
import {
  type Autosave,
  Breadcrumb,
  Canvas,
  CanvasMenu,
  focusCanvas,
  focusFirst,
  type InspectorTab,
  LayerSearch,
  ListView,
  NameRevision,
  Palette,
  Revisions,
  readWork,
  TopBar,
  useActions,
  useDocument,
  useDocumentStore,
  useEditorCommands,
  useSavedBlocks,
  useView,
} from "../../editor";
import { RunDrawer, readPath } from "../../training";
import { cx, IconButton, Kbd, Pill, toast, useTitle } from "../../ui";
import { Conflict } from "./Conflict";
import { EmptyCanvas } from "./EmptyCanvas";
import { Inspector } from "./Inspector";
import { RunActivity } from "./RunActivity";
import { useAnswers } from "./useAnswers";
import { useFiles } from "./useFiles";
import { useFork } from "./useFork";
import { useTrain } from "./useTrain";

/** Palette, canvas above the run, inspector; where that is too narrow, one below the other. */
const PANES = cx(
  "grid min-h-0 grid-cols-[200px_minmax(0,1fr)_300px] xl:grid-cols-[228px_minmax(0,1fr)_324px]",
  "narrow:grid-cols-[180px_minmax(0,1fr)] narrow:grid-rows-[22rem_max-content_max-content] narrow:overflow-y-auto",
);

export interface WorkbenchProps {
  id: string;
  autosave: Autosave;
  catalog: Catalog;
}

export function Workbench({ id, autosave, catalog }: WorkbenchProps) {
  const actions = useActions();
  const store = useDocumentStore();
  const view = useView();
  const queries = useQueryClient();
  const name = useDocument((state) => state.network.name);
  const datasetId = useDocument((state) => state.datasetId);
  const announcement = useDocument((state) => state.announcement);
  const save = useSyncExternalStore(autosave.subscribe, autosave.read);
  const [runId, setRunId] = useState<string | null>(null);
  const [asList, setAsList] = useState(false);
  const [open, setOpen] = useState<"revisions" | "name" | null>(null);
  const { tab, setTab, showTab, inspector } = useInspectorTab();
  const files = useFiles();
  const blocks = useSavedBlocks();
  const chooser = useRef<HTMLInputElement>(null);
  const proposal = useAnswers();
  useTitle(name);

  const onBlocked = useCallback(
    (reason: string) => {
      toast({ title: "Not started yet", description: reason, tone: "warn" });
      if (store.getState().datasetId === null) showTab("data");
    },
    [showTab, store],
  );
  const { starting, blocked, train, fold } = useTrain(id, autosave, setRunId, onBlocked);

  const takeFork = useFork(id, autosave, setRunId);

  const showRevisions = useCallback(async () => {
    await autosave.flush();
    await queries.invalidateQueries({ queryKey: ["revisions", id] });
    setOpen("revisions");
  }, [autosave, id, queries]);

  const tools = useMemo(
    () => ({
      store,
      actions,
      view,
      host: {
        train,
        nameRevision: () => setOpen("name"),
        showRevisions: () => void showRevisions(),
        showTab,
        toggleList: () => {
          setAsList((now) => !now);
          requestAnimationFrame(focusCanvas);
        },
        openFile: () => chooser.current?.click(),
        saveFile: files.save,
        saveBlock: (layer: string) => void blocks.save(layer),
      },
    }),
    [store, actions, view, train, showRevisions, showTab, files.save, blocks],
  );
  useEditorCommands(tools);

  const whole = useDocument((state) => state.open === null);
  const proposed = proposal.data?.architecture;
  const empty = useMemo(() => whole && <EmptyCanvas proposed={proposed} />, [whole, proposed]);
  return (
    <div className="grid h-full grid-rows-[auto_minmax(0,1fr)]">
      <TopBar
        save={save}
        tools={tools}
        onRetry={() => void autosave.flush()}
        starting={starting}
        blocked={blocked}
        dataset={<DatasetPill id={datasetId} />}
      />
      <div className={PANES}>
        <Palette />
        <div className="flex min-h-0 min-w-0 flex-col narrow:contents">
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <Breadcrumb />
            <div className="relative min-h-0 flex-1" data-pane="canvas">
              {asList ? (
                <ListView empty={empty} />
              ) : (
                <CanvasMenu tools={tools}>
                  <Canvas view={view} empty={empty} onFile={files.open} />
                </CanvasMenu>
              )}
              <IconButton
                className="absolute top-3 right-3 z-10 border border-line bg-panel"
                label={asList ? "Show as a picture" : "Show as a list"}
                hint={<Kbd>L</Kbd>}
                icon={asList ? <Tree /> : <List />}
                onClick={() => setAsList(!asList)}
              />
            </div>
          </div>
          <RunDrawer
            networkId={id}
            runId={runId}
            onRun={setRunId}
            onStart={train}
            onFolds={fold}
            starting={starting}
            onApplyFix={(fix) => {
              const refused = actions.applyFix(fix);
              if (refused) toast({ title: "Not applied", description: refused, tone: "warn" });
            }}
            onFork={(fork) => void takeFork(fork)}
            onLayer={(path) => {
              const { layers } = readPath(path);
              actions.goTo(layers.slice(0, -1), layers.slice(-1));
            }}
            proposal={proposal.data}
            proposing={proposal.isLoading}
          />
        </div>
        <div
          ref={inspector}
          className="flex min-h-0 min-w-0 flex-col narrow:col-span-2"
          data-pane="inspector"
        >
          <Inspector
            tab={tab}
            onTab={setTab}
            catalog={catalog}
            proposal={proposal.data}
            error={proposal.error}
          />
        </div>
      </div>
      <LayerSearch />
      <RunActivity runId={runId} />
      <Conflict autosave={autosave} />
      {open === "name" && (
        <NameRevision
          onClose={() => setOpen(null)}
          onName={(note) => {
            setOpen(null);
            void autosave
              .flush(note)
              .then((saved) => saved && toast({ title: `Saved as “${note}”`, tone: "ok" }));
          }}
        />
      )}
      {open === "revisions" && (
        <Revisions
          networkId={id}
          onClose={() => setOpen(null)}
          onRestore={(revision) => {
            setOpen(null);
            actions.replace(readWork(revision));
            void autosave.flush(`Revision ${revision.revision} brought back`);
            view.begin();
            toast({
              title: `Revision ${revision.revision} is back`,
              tone: "ok",
              action: { label: "Undo", onClick: () => actions.undo() },
            });
          }}
        />
      )}
      <input
        ref={chooser}
        type="file"
        accept=".keras,.json,application/json"
        hidden
        aria-label="A network to open"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) void files.open(file);
          event.target.value = "";
        }}
      />
      <p className="sr-only" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}

/** Which tab of the inspector is shown: the layer's once one is chosen; `showTab` goes there, too. */
function useInspectorTab() {
  const selected = useDocument((state) => state.selection.nodes[0]);
  const wish = useDocument((state) => state.wish);
  const [tab, setTab] = useState<InspectorTab>("data");
  const inspector = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected || wish) setTab("layer");
  }, [selected, wish]);
  const showTab = useCallback((next: InspectorTab) => {
    setTab(next);
    // The panel is there in the next frame; its first control is what was asked for.
    requestAnimationFrame(() =>
      focusFirst(inspector.current?.querySelector("[role=tabpanel][data-state=active]")),
    );
  }, []);
  return { tab, setTab, showTab, inspector };
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
