/** How uPlot draws a chart of ours. */
import type uPlot from "uplot";
import { token } from "../../ui";
import type { View } from "./frame";
import type { Line } from "./lines";
import { type Marks, paintOver, paintUnder } from "./paint";
import { valueRange } from "./range";

export interface PlotSettings {
  log: boolean;
  share: boolean;
  /** Charts with the same key share their crosshair. */
  syncKey: string;
}

/** What changes with every batch of events, read at each drawing. */
export interface PlotState extends Marks {
  view: View;
}

export interface PlotHandlers {
  /** The epoch under the crosshair, null when it has left. */
  onCursor(epoch: number | null): void;
  /** A stretch was dragged over; null asks for the whole run again. */
  onZoom(view: View | null): void;
}

const FONT = "11px Inter Variable, sans-serif";
const ticks = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

export function plotOptions(
  size: { width: number; height: number },
  lines: readonly Line[],
  settings: PlotSettings,
  state: () => PlotState,
  handlers: () => PlotHandlers,
): uPlot.Options {
  const axis = { stroke: token("--ink-3"), font: FONT, ticks: { show: false } };
  return {
    ...size,
    padding: [10, 52, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [state().view.from, state().view.to] },
      y: {
        distr: settings.log ? 3 : 1,
        range: (_plot, low, high) =>
          valueRange(low ?? Number.POSITIVE_INFINITY, high ?? Number.NEGATIVE_INFINITY, {
            ...settings,
            baseline: state().baseline,
          }),
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 4,
        space: 44,
        incrs: [1, 2, 5]
          .flatMap((base) => [0, 1, 2, 3, 4, 5].map((power) => base * 10 ** power))
          .sort((a, b) => a - b),
      },
      {
        ...axis,
        grid: { stroke: token("--grid"), width: 1 },
        size: (_plot, labels) =>
          12 + 6.2 * Math.max(3, ...(labels ?? []).map((text) => text.length)),
        gap: 6,
        space: (_plot, _axis, _low, _high, height) => Math.max(settings.log ? 24 : 30, height / 6),
        values: (_plot, values) => values.map((value) => (value === null ? "" : axisNumber(value))),
      },
    ],
    series: [{}, ...lines.map(drawing)],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      sync: { key: settings.syncKey, scales: ["x", null], setSeries: false },
      points: { size: 7, width: 2 },
      bind: {
        dblclick: () => () => {
          handlers().onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      drawAxes: [(plot) => paintUnder(plot, state())],
      draw: [(plot) => paintOver(plot, state())],
      setCursor: [
        (plot) => {
          const { left } = plot.cursor;
          const shown = left !== undefined && left >= 0;
          handlers().onCursor(shown ? plot.posToVal(left, "x") : null);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          handlers().onZoom({
            from: plot.posToVal(left, "x"),
            to: plot.posToVal(left + width, "x"),
          });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

function drawing(line: Line): uPlot.Series {
  return {
    label: line.label ?? line.key,
    stroke: token(line.color),
    alpha: line.opacity,
    width: line.width,
    dash: line.dash,
    spanGaps: false,
    // A single point has no line to be seen by.
    points: {
      show: (_plot, index) => line.label !== null && line.series.length < 2 && index > 0,
      size: 5,
    },
  };
}

function axisNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4))
    return value.toExponential(0);
  return ticks.format(Number(value.toPrecision(6)));
}
