/** All curves of a run on one axis of epochs, with one crosshair. */
import { type Ref, useDeferredValue, useId, useState } from "react";
import type { Catalog, Run, RunSummary } from "../../api";
import { cx } from "../../ui";
import type { RunHistory } from "../live/history";
import { useRunLive } from "../live/useRunLive";
import { severalOutputs, valuesOf } from "../outputs";
import { metricLabels } from "../recipe/metrics";
import { MetricChart } from "./MetricChart";
import { metricInfo } from "./metrics";
import { epochRange } from "./range";
import type { CurveSettings } from "./useCurveSettings";

export interface CurvesProps {
  run: Run;
  history: RunHistory;
  version: number;
  finished: boolean;
  catalog: Catalog | undefined;
  others: readonly RunSummary[];
  settings: CurveSettings;
  /** On a page of their own, wide rather than many in a row; in the drawer there is no height. */
  wide?: boolean;
  ref?: Ref<HTMLDivElement>;
  className?: string;
}

export function Curves(props: CurvesProps) {
  const { run, history, version, finished, catalog, others, settings, wide, ref, className } =
    props;
  const { log, zoom, comparedId, set } = settings;
  const [cursor, setCursor] = useState<number | null>(null);
  const compared = useRunLive(comparedId);
  const smoothing = useDeferredValue(settings.smoothing);
  const syncKey = useId();

  const other = others.find((each) => each.id === comparedId);
  const overlay = other ? { label: `Run ${other.number}`, history: compared.history } : null;
  const done = Math.max(history.epochOfStep(history.step) ?? 0, lastEpoch(history), run.epoch);
  const view = zoom ?? epochRange(done, run.epochs, finished);
  const outputs = severalOutputs(run.outputs);
  const asked =
    outputs.length > 0 ? valuesOf(outputs) : metricLabels(run.recipe, catalog?.metrics ?? []);
  const names = [...new Set(["loss", ...asked, ...history.curves.keys()])];

  return (
    <div
      ref={ref}
      className={cx(
        "grid min-h-0 min-w-0 gap-x-4 gap-y-3 overflow-y-auto",
        wide
          ? "auto-rows-[minmax(15rem,1fr)] grid-cols-[repeat(auto-fit,minmax(min(19rem,100%),1fr))]"
          : "auto-rows-[minmax(10.5rem,1fr)] grid-cols-[repeat(auto-fit,minmax(10rem,1fr))]",
        className,
      )}
    >
      {names.map((metric) => (
        <MetricChart
          key={metric}
          history={history}
          version={version + compared.version}
          info={metricInfo(metric, catalog, run)}
          baseline={run.baseline[metric] ?? null}
          view={view}
          smoothing={smoothing}
          log={log}
          syncKey={syncKey}
          overlay={overlay}
          cursor={cursor}
          onCursor={setCursor}
          onZoom={(next) => set({ zoom: next })}
        />
      ))}
    </div>
  );
}

function lastEpoch(history: RunHistory): number {
  let last = 0;
  for (const { train, validation } of history.curves.values()) {
    for (const { x, length } of [train.epochs, validation.epochs]) {
      if (length > 0) last = Math.max(last, x[length - 1] as number);
    }
  }
  return last;
}
