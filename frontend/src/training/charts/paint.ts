/** What is drawn on a chart beside its lines: baseline, gaps, best epoch, the newest values. */
import type uPlot from "uplot";
import { token } from "../../ui";
import type { Line } from "./lines";

export interface Marks {
  lines: readonly Line[];
  baseline: number | null;
  bestEpoch: number | null;
  /** Epochs at which the recipe was changed, with what. */
  changes: readonly { epoch: number; text: string }[];
  format: (value: number) => string;
}

const FONT = "Inter Variable, sans-serif";

/** Before the lines: the baseline, how far the lines reached, and where values were not finite. */
export function paintUnder(plot: uPlot, { lines, baseline, changes, format }: Marks): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  ctx.save();
  clip(plot);
  for (const line of lines) {
    if (line.label !== null) paintGaps(plot, line);
    paintBand(plot, line);
  }
  changes.forEach((change, i) => {
    paintChange(plot, change, changes[i + 1]?.epoch);
  });
  if (baseline !== null) {
    const y = plot.valToPos(baseline, "y", true);
    ctx.strokeStyle = token("--curve-baseline");
    ctx.lineWidth = ratio;
    ctx.setLineDash([4 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = token("--ink-3");
    ctx.font = `${10 * ratio}px ${FONT}`;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    const { right, middle, text } = baselineName(plot, baseline, format);
    write(ctx, text, right, middle);
  }
  ctx.restore();
}

/** Where the baseline's name stands: above the line, unless that is drawn at the very top. */
function baselineName(plot: uPlot, baseline: number, format: Marks["format"]) {
  const { bbox } = plot;
  const ratio = window.devicePixelRatio;
  const y = plot.valToPos(baseline, "y", true);
  const above = y - bbox.top > 14 * ratio;
  return {
    right: bbox.left + bbox.width - 2 * ratio,
    middle: y + (above ? -7 : 8) * ratio,
    text: `baseline ${format(baseline)}`,
  };
}

/** After the lines: a ring at the best epoch and each line's newest value at its end. */
export function paintOver(plot: uPlot, marks: Marks): void {
  const { lines, bestEpoch, format } = marks;
  const { ctx } = plot;
  const ratio = window.devicePixelRatio;
  ctx.save();
  const main = [...lines].reverse().find((line) => line.label !== null && line.key !== "overlay");
  const labels = endLabels(plot, lines, format);
  if (main && bestEpoch !== null) paintBest(plot, main, bestEpoch, labels, marks);
  ctx.font = `600 ${10.5 * ratio}px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const { x, y, text, color } of labels) {
    ctx.fillStyle = token(color);
    write(ctx, text, x + 6 * ratio, y);
  }
  ctx.restore();
}

/** A ring, with its name above or below, where that lies on no other text. */
function paintBest(
  plot: uPlot,
  line: Line,
  epoch: number,
  labels: readonly EndLabel[],
  { baseline, format }: Marks,
): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const value = line.series.nearest(epoch / line.unit);
  if (value === null || Number.isNaN(value)) return;
  const x = plot.valToPos(epoch, "x", true);
  const y = plot.valToPos(value, "y", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.beginPath();
  ctx.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = token("--panel");
  ctx.fill();
  ctx.strokeStyle = token(line.color);
  ctx.lineWidth = 2 * ratio;
  ctx.stroke();
  ctx.fillStyle = token("--ink-2");
  ctx.font = `${10 * ratio}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const half = ctx.measureText("best").width / 2;
  const taken = labels.map((label) => ({ left: label.x, middle: label.y }));
  if (baseline !== null) {
    const { right, middle, text } = baselineName(plot, baseline, format);
    taken.push({ left: right - ctx.measureText(text).width, middle });
  }
  const free = [y - 12 * ratio, y + 12 * ratio].find(
    (middle) =>
      middle - 6 * ratio > bbox.top &&
      middle + 6 * ratio < bbox.top + bbox.height &&
      !taken.some((text) => x + half > text.left && Math.abs(text.middle - middle) < 12 * ratio),
  );
  if (free !== undefined) write(ctx, "best", x, free);
}

/** Text with a rim of the paper's colour, so that lines under it do not cross it out. */
function write(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  ctx.strokeStyle = token("--panel");
  ctx.lineWidth = 4 * window.devicePixelRatio;
  ctx.lineJoin = "round";
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

interface EndLabel {
  x: number;
  y: number;
  text: string;
  color: string;
}

/** The newest value of each labelled line, moved apart where they would lie on each other. */
function endLabels(
  plot: uPlot,
  lines: readonly Line[],
  format: (value: number) => string,
): EndLabel[] {
  const { bbox } = plot;
  const ratio = window.devicePixelRatio;
  const labels: EndLabel[] = [];
  for (const line of lines) {
    const last = line.label === null || line.key === "overlay" ? null : line.series.last();
    if (last === null) continue;
    const x = plot.valToPos(last.x * line.unit, "x", true);
    const y = plot.valToPos(last.y, "y", true);
    if (x < bbox.left || x > bbox.left + bbox.width + 1) continue;
    // Training is drawn lighter; its text is set in ink that can be read.
    const color = line.key === "validation" ? line.color : "--ink-3";
    labels.push({ x, y, text: format(last.y), color });
  }
  labels.sort((a, b) => a.y - b.y);
  const apart = 12 * ratio;
  labels.forEach((label, i) => {
    const before = labels[i - 1];
    if (before && label.y - before.y < apart) label.y = before.y + apart;
  });
  const over = (labels.at(-1)?.y ?? 0) - (bbox.top + bbox.height);
  if (over > 0) for (const label of labels) label.y -= over;
  return labels;
}

function paintGaps(plot: uPlot, line: Line): void {
  const { series, unit } = line;
  const { ctx, bbox } = plot;
  ctx.fillStyle = token("--bad-soft");
  const right = plot.posToVal(bbox.width / window.devicePixelRatio, "x");
  const begin = series.indexAt(Math.max(0, plot.posToVal(0, "x")) / unit);
  const seen = new Set<number>();
  for (const i of series.thin(plot.posToVal(0, "x") / unit, right / unit, 500)) {
    if (i < begin - 1 || !Number.isNaN(series.y[i] as number)) continue;
    const from = plot.valToPos((series.x[Math.max(0, i - 1)] as number) * unit, "x", true);
    const at = Math.round(plot.valToPos((series.x[i] as number) * unit, "x", true));
    if (seen.has(at)) continue;
    seen.add(at);
    const next = Math.min(series.length - 1, i + 1);
    const to = plot.valToPos((series.x[next] as number) * unit, "x", true);
    const width = Math.max(2 * window.devicePixelRatio, to - from);
    ctx.fillRect(from, bbox.top, width, bbox.height);
  }
}

/** A dotted upright where the recipe was changed, and with what where there is room; else the log tells. */
function paintChange(plot: uPlot, { epoch, text }: Marks["changes"][number], next?: number): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const x = Math.round(plot.valToPos(epoch, "x", true));
  ctx.strokeStyle = token("--ink-3");
  ctx.lineWidth = ratio;
  ctx.setLineDash([1.5 * ratio, 2.5 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = token("--ink-2");
  ctx.font = `${10 * ratio}px ${FONT}`;
  ctx.textBaseline = "bottom";
  const end = next === undefined ? bbox.left + bbox.width : plot.valToPos(next, "x", true);
  if (x + ctx.measureText(text).width + 6 * ratio > end) return;
  ctx.textAlign = "left";
  write(ctx, text, x + 3 * ratio, bbox.top + 12 * ratio);
}

const BAND_OPACITY = 0.3;

/** Upright strokes from the lowest to the highest value that a point stands for. */
function paintBand(plot: uPlot, { band, unit, color }: Line): void {
  if (band === undefined || band.low.length === 0) return;
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const { low, high } = band;
  const [from, to] = [plot.posToVal(0, "x"), plot.posToVal(bbox.width / ratio, "x")];
  const pixels = Math.max(1, Math.floor(bbox.width / ratio));
  const shown = [low, high].flatMap((series) => series.thin(from / unit, to / unit, pixels));
  ctx.strokeStyle = token(color);
  ctx.globalAlpha = BAND_OPACITY;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  for (const i of new Set(shown)) {
    const ends = [low.y[i] as number, high.y[i] as number];
    if (ends.some(Number.isNaN)) continue;
    const x = plot.valToPos((low.x[i] as number) * unit, "x", true);
    const [bottom, top] = ends.map((y) => plot.valToPos(y, "y", true)) as [number, number];
    ctx.moveTo(x, bottom);
    ctx.lineTo(x, top);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function clip({ ctx, bbox }: uPlot): void {
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
}
