/** One uPlot drawing that follows its container's size, the theme and the run's events. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../../ui";
import { frame, type View } from "./frame";
import type { Line } from "./lines";
import { type PlotHandlers, type PlotSettings, type PlotState, plotOptions } from "./options";

export interface PlotProps extends PlotSettings, PlotState, PlotHandlers {
  lines: readonly Line[];
  /** Changes whenever the lines have new points. */
  version: number;
  /** Read out instead of the drawing. */
  summary: string;
  metric: string;
}

let drawing: boolean | undefined;

/** Without a canvas (a text browser, a test) the summary and the table still tell everything. */
function canDraw(): boolean {
  drawing ??= document.createElement("canvas").getContext("2d") !== null;
  return drawing;
}

export function Plot(props: PlotProps) {
  const { lines, log, share, syncKey, version, view, baseline, bestEpoch, summary, metric } = props;
  const changes = props.changes.length;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useRef<uPlot.AlignedData | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [size, setSize] = useState({ width: 0, height: 0 });
  const { theme } = useTheme();

  useLayoutEffect(() => {
    const element = box.current as HTMLDivElement;
    const measure = () => {
      const width = Math.floor(element.clientWidth);
      const height = Math.floor(element.clientHeight);
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const drawable = size.width > 40 && size.height > 40;
  const pixels = Math.max(100, size.width);
  const { data, drawn } = frame(lines, view, pixels);
  const shape = lines.map((line) => `${line.key} ${line.opacity} ${line.width}`).join("|");

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawing is built anew only when what it is made of changes; size and data are handed on below
  useLayoutEffect(() => {
    if (!drawable || !canDraw()) return;
    const options = plotOptions(
      size,
      lines,
      { log, share, syncKey },
      () => latest.current,
      () => latest.current,
    );
    const made = new uPlot(options, data, box.current as HTMLDivElement);
    plot.current = made;
    shown.current = data;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [drawable, shape, log, share, syncKey, theme]);

  useLayoutEffect(() => {
    if (drawable) plot.current?.setSize(size);
  }, [drawable, size]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: data is derived from exactly these
  useEffect(() => {
    // One that was only just made has these already.
    if (shown.current !== data) plot.current?.setData(data);
    shown.current = data;
  }, [version, shape, view.from, view.to, pixels, baseline, bestEpoch, changes]);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = keyboardMove(event.key, view, plot.current);
    if (move === null) return;
    event.preventDefault();
    move(props);
  };

  return (
    <div
      ref={box}
      role="img"
      aria-label={summary}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the crosshair, + and - zoom; the table of values holds the same for those who do not see it
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid={`chart-${metric}`}
      data-points={JSON.stringify(drawn)}
      className="min-h-0 min-w-0 flex-1 contain-size overflow-hidden rounded-sm -outline-offset-2"
    />
  );
}

type Move = (handlers: PlotHandlers) => void;

/** What a key does to a chart: arrows walk the crosshair, + and − zoom around it, 0 shows all. */
function keyboardMove(key: string, view: View, plot: uPlot | null): Move | null {
  if (plot === null) return null;
  const span = view.to - view.from;
  const left = plot.cursor.left ?? -1;
  const centre = left >= 0 ? plot.posToVal(left, "x") : (view.from + view.to) / 2;
  const zoom = (factor: number): Move => {
    const from = Math.max(0, centre - (centre - view.from) * factor);
    return ({ onZoom }) => onZoom({ from, to: from + span * factor });
  };
  const width = plot.over.clientWidth;
  const walk = (by: number): Move => {
    const to = Math.min(width, Math.max(0, (left >= 0 ? left : width) + by));
    return () => plot.setCursor({ left: to, top: 0 });
  };
  if (key === "ArrowLeft") return walk(-width / 60);
  if (key === "ArrowRight") return walk(width / 60);
  if (key === "+" || key === "=") return zoom(0.5);
  if (key === "-") return zoom(2);
  if (key === "0" || key === "Escape") return ({ onZoom }) => onZoom(null);
  return null;
}
