/** The inspector: the layer, the data, the recipe and the source, behind tabs. */

import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import type { Catalog, Proposal, Recipe } from "../../api";
import { datasetQuery } from "../../api/queries";
import { CodePanel, type InspectorTab, LayerPanel, useActions, useDocument } from "../../editor";
import { classesToWeigh, DataPanel, inEffect, TrainingPanel } from "../../training";
import { Tab, TabList, TabPanel, Tabs } from "../../ui";

export interface InspectorProps {
  tab: InspectorTab;
  onTab(tab: InspectorTab): void;
  catalog: Catalog;
  proposal: Proposal | undefined;
  error: unknown;
}

export const Inspector = memo(function Inspector({
  tab,
  onTab,
  catalog,
  proposal,
  error,
}: InspectorProps) {
  const actions = useActions();
  const datasetId = useDocument((state) => state.datasetId);
  const recipe = useDocument((state) => state.recipe);
  const dataset = useQuery({ ...datasetQuery(datasetId ?? ""), enabled: datasetId !== null });
  const description = dataset.data?.description;
  const target = inEffect(recipe, proposal?.recipe).target;
  const common = {
    datasetId,
    recipe,
    proposal,
    error,
    onChange: (changed: Recipe) => actions.setRecipe(changed),
  };
  const scrolling = "min-h-0 flex-1 overflow-y-auto";
  return (
    <Tabs
      value={tab}
      onValueChange={(next) => onTab(next as InspectorTab)}
      className="flex min-h-0 min-w-0 flex-1 flex-col border-l border-line bg-panel"
    >
      <TabList aria-label="Inspector">
        <Tab value="layer">Layer</Tab>
        <Tab value="data">Data</Tab>
        <Tab value="training">Training</Tab>
        <Tab value="code">Code</Tab>
      </TabList>
      <TabPanel value="layer" className={scrolling}>
        <LayerPanel
          columns={description?.columns}
          classes={description && ((own) => classesToWeigh(description, own ?? target))}
        />
      </TabPanel>
      <TabPanel value="data" className={scrolling}>
        <DataPanel {...common} onDataset={(chosen) => actions.setDataset(chosen)} />
      </TabPanel>
      <TabPanel value="training" className={scrolling}>
        <TrainingPanel {...common} catalog={catalog} />
      </TabPanel>
      <TabPanel value="code" className="min-h-0 flex-1">
        <CodePanel />
      </TabPanel>
    </Tabs>
  );
});
