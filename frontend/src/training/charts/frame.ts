/** The points of a chart as uPlot takes them: one rising x for all lines, a column of y for each. */
import type uPlot from "uplot";
import type { Line } from "./lines";

export interface View {
  /** In epochs. */
  from: number;
  to: number;
}

export interface Frame {
  data: uPlot.AlignedData;
  /** How many points of each line are drawn. */
  drawn: Record<string, number>;
}

/**
 * Thin every line to the pixels and join them on one axis. In a column, null is a gap (a value that
 * was not finite) and undefined only means that the line has no point at that x. A gap reaches from
 * the line's last finite point to its next.
 */
export function frame(lines: readonly Line[], view: View, pixels: number): Frame {
  const drawn: Record<string, number> = {};
  const parts = lines.map(({ key, series, unit }) => {
    const indices = series.thin(view.from / unit, view.to / unit, Math.max(1, pixels));
    drawn[key] = indices.length;
    return {
      x: indices.map((i) => (series.x[i] as number) * unit),
      y: indices.map((i) => finite(series.y[i] as number)),
    };
  });
  const x = [...new Set(parts.flatMap((part) => part.x))].sort((a, b) => a - b);
  const columns = parts.map((part) => {
    const column: (number | null | undefined)[] = new Array(x.length).fill(undefined);
    let at = 0;
    part.x.forEach((value, i) => {
      while ((x[at] as number) < value) at += 1;
      column[at] = part.y[i];
    });
    widenGaps(column);
    return column;
  });
  return { data: [x, ...columns] as uPlot.AlignedData, drawn };
}

function widenGaps(column: (number | null | undefined)[]): void {
  const spread = (from: number, by: 1 | -1) => {
    for (let i = from + by; i >= 0 && i < column.length && column[i] === undefined; i += by) {
      column[i] = null;
    }
  };
  for (let i = 0; i < column.length; i += 1) if (column[i] === null) spread(i, -1);
  for (let i = column.length - 1; i >= 0; i -= 1) if (column[i] === null) spread(i, 1);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
