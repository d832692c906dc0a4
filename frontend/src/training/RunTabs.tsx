/** What there is to see of a run: curves, result, prediction, files, and on its page the recipe. */
import { useQuery } from "@tanstack/react-query";
import {
  ChartLine,
  ClipboardList,
  Download,
  Layers3,
  type LucideIcon,
  Target,
  Wand,
} from "lucide-react";
import { memo, type RefObject, useCallback, useMemo, useRef, useState } from "react";
import type { Fix, Run, RunSummary } from "../api";
import { catalogQuery } from "../api/queries";
import { type Command, cx, saveFile, Tab, TabList, TabPanel, Tabs, useCommands } from "../ui";
import { Curves } from "./charts/Curves";
import { CurveToolbar } from "./charts/CurveToolbar";
import { savePicture } from "./charts/picture";
import { historyCsv } from "./charts/summary";
import { useCurveSettings } from "./charts/useCurveSettings";
import { Downloads } from "./Downloads";
import { Findings } from "./Findings";
import { LayersView } from "./layers/LayersView";
import type { RunLive } from "./live/useRunLive";
import { PredictPanel } from "./predict/PredictPanel";
import { RunMessage } from "./RunHeader";
import { RecipeInFull } from "./recipe/RecipeInFull";
import { Result } from "./result/Result";
import { useRunCommands } from "./useRunCommands";

export interface RunTabsProps {
  live: RunLive;
  /** Other runs, to compare with. */
  others: readonly RunSummary[];
  onApplyFix?: (fix: Fix) => void;
  /** Show a layer, by its path, on the canvas. */
  onLayer?: (path: string) => void;
  /** A run was forked from this one. */
  onFork?: (run: Run) => void;
  /** On a page of its own there is room for the recipe, and the page scrolls instead of the tab. */
  page?: boolean;
}

const VIEWS = {
  curves: { title: "Curves", icon: ChartLine },
  layers: { title: "Layers", icon: Layers3 },
  result: { title: "Result", icon: Target },
  predict: { title: "Predict", icon: Wand },
  download: { title: "Download", icon: Download },
  recipe: { title: "Recipe", icon: ClipboardList },
} satisfies Record<string, { title: string; icon: LucideIcon }>;

type View = keyof typeof VIEWS;
const IN_DRAWER: readonly View[] = ["curves", "layers", "result", "predict", "download"];
const ON_PAGE: readonly View[] = [...IN_DRAWER, "recipe"];

export function RunTabs({ live, others, onApplyFix, onLayer, onFork, page = false }: RunTabsProps) {
  const [view, setView] = useState<View>("curves");
  // What a fork is about is the difference from the run that it came from.
  const settings = useCurveSettings(live.run?.fork?.run_id ?? null);
  const charts = useRef<HTMLDivElement>(null);
  const views = page ? ON_PAGE : IN_DRAWER;
  const tabs = useRef<HTMLDivElement>(null);
  useRunCommands(live, page);
  useCommands(
    useMemo(
      () =>
        views.map((each): Command => {
          const { title, icon: Icon } = VIEWS[each];
          return {
            id: `run-${each}`,
            title: `Show the run's ${title.toLowerCase()}`,
            group: "Run",
            icon: <Icon />,
            run: () => {
              setView(each);
              tabs.current?.querySelector<HTMLElement>(`[data-view="${each}"]`)?.focus();
            },
          };
        }),
      [views],
    ),
  );
  const catalog = useQuery(catalogQuery()).data;
  const { run, history, version, finished } = live;
  const name = `run-${run?.number}`;
  const savePng = useCallback(
    () => void savePicture(charts.current as HTMLElement, `${name}.png`),
    [name],
  );
  const saveCsv = useCallback(
    () => saveFile(`${name}.csv`, new Blob([historyCsv(history)], { type: "text/csv" })),
    [name, history],
  );
  if (run === undefined) return null;
  const panel = cx("@container min-h-0 flex-1 px-4 py-3", !page && "overflow-y-auto");

  return (
    <Tabs
      value={view}
      onValueChange={(next) => setView(next as View)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line pr-3">
        <ViewTabs ref={tabs} views={views} />
        {view === "curves" && (
          <CurveToolbar settings={settings} others={others} onPicture={savePng} onCsv={saveCsv} />
        )}
      </div>
      <TabPanel value="curves" className="@container flex min-h-0 flex-1 flex-col">
        <div
          className={cx(
            "flex min-h-0 flex-1 flex-col @3xl:flex-row",
            !page && "overflow-y-auto @3xl:overflow-visible",
          )}
        >
          <div className="flex min-h-44 min-w-0 flex-1 flex-col gap-2 px-4 py-2">
            <RunMessage live={live} />
            <Curves
              ref={charts}
              run={run}
              history={history}
              version={version}
              finished={finished}
              catalog={catalog}
              others={others}
              settings={settings}
              wide={page}
              className={page ? "max-h-[44rem] min-h-80 flex-1" : "flex-1"}
            />
          </div>
          <Findings
            runId={run.id}
            history={history}
            onApplyFix={onApplyFix}
            onLayer={onLayer}
            onFork={onFork}
            className="border-line px-4 py-2.5 max-@3xl:border-t @3xl:w-64 @3xl:shrink-0 @3xl:overflow-y-auto @3xl:border-l"
          />
        </div>
      </TabPanel>
      <TabPanel value="layers" className={panel}>
        <LayersView history={history} finished={finished} onLayer={onLayer} />
      </TabPanel>
      <TabPanel value="result" className={panel}>
        <Result run={run} finished={finished} catalog={catalog} />
      </TabPanel>
      <TabPanel value="predict" className={panel}>
        <PredictPanel run={run} finished={finished} />
      </TabPanel>
      <TabPanel value="download" className={panel}>
        <Downloads run={run} finished={finished} />
      </TabPanel>
      {page && (
        <TabPanel value="recipe" className={panel}>
          <RecipeInFull run={run} catalog={catalog} />
        </TabPanel>
      )}
    </Tabs>
  );
}

const ViewTabs = memo(function ViewTabs(props: {
  ref: RefObject<HTMLDivElement | null>;
  views: readonly View[];
}) {
  return (
    <TabList ref={props.ref} aria-label="The run" className="border-b-0!">
      {props.views.map((each) => (
        <Tab key={each} value={each} data-view={each}>
          {VIEWS[each].title}
        </Tab>
      ))}
    </TabList>
  );
});
