/** Training as the screens use it: the drawer, the run's page, the recipe and data panels. */
export { pathsOf, readPath } from "./layers/paths";
export { liveRuns } from "./live/browser";
export { type RunLive, useRunLive } from "./live/useRunLive";
export { RunDrawer, type RunDrawerProps } from "./RunDrawer";
export { RunView } from "./RunView";
export { inEffect } from "./recipe/choices";
export { DataPanel, type DataPanelProps } from "./recipe/DataPanel";
export { TrainingPanel, type TrainingPanelProps } from "./recipe/TrainingPanel";
export { classesToWeigh } from "./recipe/WeightsFields";
