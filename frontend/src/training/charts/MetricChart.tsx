/** The chart of one metric: name, values under the crosshair or newest, drawing, table on demand. */
import { Table2 } from "lucide-react";
import { memo, useState } from "react";
import { cx, formatPlural, IconButton, Tooltip } from "../../ui";
import type { RunHistory } from "../live/history";
import type { View } from "./frame";
import type { Line, Overlay } from "./lines";
import { linesOf } from "./lines";
import type { MetricInfo } from "./metrics";
import { Plot } from "./Plot";
import { countGaps, epochRows, summarize } from "./summary";

export interface MetricChartProps {
  history: RunHistory;
  version: number;
  info: MetricInfo;
  baseline: number | null;
  view: View;
  smoothing: number;
  log: boolean;
  syncKey: string;
  overlay: Overlay | null;
  cursor: number | null;
  onCursor(epoch: number | null): void;
  onZoom(view: View | null): void;
}

export function MetricChart(props: MetricChartProps) {
  const { history, version, info, baseline, view, smoothing, log, syncKey, overlay, cursor } =
    props;
  const [asTable, setAsTable] = useState(false);
  const lines = linesOf(history, info.name, smoothing, overlay);
  const gaps = countGaps(history, info.name);
  return (
    <figure className="flex min-h-0 min-w-0 flex-col" aria-label={info.title}>
      <figcaption className="flex min-h-7 items-start gap-x-2 text-xs">
        <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2.5 pt-0.5">
          <Title title={info.title} hint={info.hint} />
          {lines.map((line) => (
            <LegendEntry key={line.key} line={line} info={info} cursor={cursor} />
          ))}
          {gaps > 0 && (
            <span className="text-bad">{formatPlural(gaps, "gap")}: the value was not finite</span>
          )}
        </span>
        <TableButton title={info.title} pressed={asTable} onPress={setAsTable} />
      </figcaption>
      {asTable ? (
        <EpochTable history={history} info={info} />
      ) : (
        <Plot
          metric={info.name}
          lines={lines}
          version={version}
          view={view}
          log={log}
          share={info.share}
          syncKey={syncKey}
          baseline={baseline}
          bestEpoch={history.bestEpoch}
          changes={history.changes.map(({ step, text }) => ({
            epoch: history.epochOfStep(step) ?? 0,
            text,
          }))}
          format={info.short}
          summary={summarize(history, info.name, info.title, baseline, info.format)}
          onCursor={props.onCursor}
          onZoom={props.onZoom}
        />
      )}
    </figure>
  );
}

const Title = memo(function Title({ title, hint }: Pick<MetricInfo, "title" | "hint">) {
  return (
    <Tooltip content={hint}>
      <span className="mr-3 font-semibold text-ink">{title}</span>
    </Tooltip>
  );
});

const TableButton = memo(function TableButton(props: {
  title: string;
  pressed: boolean;
  onPress(pressed: boolean): void;
}) {
  const { title, pressed, onPress } = props;
  return (
    <IconButton
      size="sm"
      className="h-6! w-6! shrink-0"
      label={pressed ? `${title} as a curve` : `${title} as a table`}
      aria-pressed={pressed}
      icon={<Table2 />}
      onClick={() => onPress(!pressed)}
    />
  );
});

/** A line's name and its value: at the crosshair while there is one, else the newest. */
function LegendEntry({
  line,
  info,
  cursor,
}: {
  line: Line;
  info: MetricInfo;
  cursor: number | null;
}) {
  if (line.label === null) return null;
  const value = cursor === null ? line.series.last()?.y : line.series.nearest(cursor / line.unit);
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 whitespace-nowrap",
        line.key === "validation" ? "text-accent" : "text-ink-3",
      )}
    >
      <svg aria-hidden="true" viewBox="0 0 14 4" className="h-1 w-3.5">
        <path
          d="M0 2H14"
          stroke={`var(${line.color})`}
          strokeWidth={line.key === "validation" ? 3 : 2}
          strokeDasharray={line.dash ? "4 2" : undefined}
        />
      </svg>
      {line.label}
      {(cursor !== null || line.key === "validation") && (
        <span className="tabular-nums">{value == null ? "–" : info.short(value)}</span>
      )}
    </span>
  );
}

const MOST_ROWS = 500;

function EpochTable({ history, info }: { history: RunHistory; info: MetricInfo }) {
  const rows = epochRows(history, info.name).reverse();
  return (
    <section
      className="min-h-0 flex-1 overflow-auto"
      aria-label={`${info.title} by epoch`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className="w-full text-right text-xs tabular-nums">
        <thead className="sticky top-0 bg-panel text-ink-3">
          <tr>
            <th scope="col" className="py-1 pr-3 text-left font-medium">
              Epoch
            </th>
            <th scope="col" className="py-1 pr-3 font-medium">
              Training
            </th>
            <th scope="col" className="py-1 pr-3 font-medium">
              Validation
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={row.epoch} className="border-t border-line">
              <th scope="row" className="py-0.5 pr-3 text-left font-normal">
                {row.epoch}
                {row.epoch === history.bestEpoch && <span className="text-ok"> best</span>}
              </th>
              <td className="py-0.5 pr-3">{info.format(row.train)}</td>
              <td className="py-0.5 pr-3">{info.format(row.validation)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className="py-2 text-xs text-ink-3">
          The newest {MOST_ROWS} epochs. The others are in history.csv under Download.
        </p>
      )}
    </section>
  );
}
