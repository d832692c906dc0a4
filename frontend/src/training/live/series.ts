/** The points of one curve, kept so that a million of them draw in a few milliseconds. */

const BLOCK = 64;
const NONE = -1;

/**
 * Append-only points (x, y), x rising, y NaN where the value was not finite.
 *
 * Every full block of 64 points has its extremes indexed, so a view of a long curve looks at
 * blocks instead of points.
 */
export class Series {
  length = 0;
  /** How many of the points are not finite. */
  gaps = 0;
  x = new Float64Array(256);
  y = new Float64Array(256);
  private blocks = 0;
  private lowest = new Int32Array(4);
  private highest = new Int32Array(4);
  private missing = new Int32Array(4);

  /** Add a point. One at or before the end replaces what follows it: training was taken up again. */
  push(x: number, y: number | null): void {
    while (this.length > 0 && (this.x[this.length - 1] as number) >= x) {
      this.length -= 1;
      if (Number.isNaN(this.y[this.length] as number)) this.gaps -= 1;
    }
    this.blocks = Math.min(this.blocks, Math.floor(this.length / BLOCK));
    if (this.length === this.x.length) {
      this.x = grown(this.x);
      this.y = grown(this.y);
    }
    this.x[this.length] = x;
    this.y[this.length] = y ?? Number.NaN;
    this.length += 1;
    if (y === null) this.gaps += 1;
  }

  /** The last finite point, or null. */
  last(): { x: number; y: number } | null {
    for (let i = this.length - 1; i >= 0; i -= 1) {
      const y = this.y[i] as number;
      if (!Number.isNaN(y)) return { x: this.x[i] as number, y };
    }
    return null;
  }

  /** Index of the first point whose x is not below `x`. */
  indexAt(x: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.x[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The y of the point nearest to `x`: NaN in a gap, null without points. */
  nearest(x: number): number | null {
    if (this.length === 0) return null;
    const after = Math.min(this.indexAt(x), this.length - 1);
    const before = Math.max(after - 1, 0);
    const closer = x - (this.x[before] as number) < (this.x[after] as number) - x ? before : after;
    return this.y[closer] as number;
  }

  /**
   * Indices of the points to draw between `from` and `to` on a width of `pixels`: all of them where
   * there is room, else each pixel column's first, lowest, highest and last and one of its gaps, so
   * that the drawn line covers the same pixels. One point beyond each edge leads the line out.
   */
  thin(from: number, to: number, pixels: number): number[] {
    const begin = Math.max(0, this.indexAt(from) - 1);
    const end = Math.min(this.length, this.indexAt(to) + 1);
    const count = end - begin;
    if (count <= pixels * 2 || !(to > from)) return range(begin, end);
    this.index();
    const columns = new Columns(this, from, pixels / (to - from));
    const blockwise = count > pixels * BLOCK;
    let i = begin;
    while (i < end) {
      const block = i / BLOCK;
      if (blockwise && Number.isInteger(block) && i + BLOCK <= end && block < this.blocks) {
        const lowest = this.lowest[block] as number;
        const highest = this.highest[block] as number;
        columns.add(i, lowest, highest, this.missing[block] as number, i + BLOCK - 1);
        i += BLOCK;
      } else {
        columns.add(i, i, i, Number.isNaN(this.y[i] as number) ? i : NONE, i);
        i += 1;
      }
    }
    return columns.finish();
  }

  private index(): void {
    const full = Math.floor(this.length / BLOCK);
    while (this.lowest.length < full) {
      this.lowest = grown(this.lowest);
      this.highest = grown(this.highest);
      this.missing = grown(this.missing);
    }
    for (; this.blocks < full; this.blocks += 1) {
      const begin = this.blocks * BLOCK;
      let lowest = begin;
      let highest = begin;
      let missing = NONE;
      for (let i = begin; i < begin + BLOCK; i += 1) {
        if (Number.isNaN(this.y[i] as number)) missing = i;
        if (beats(this.y[i], this.y[lowest], -1)) lowest = i;
        if (beats(this.y[i], this.y[highest], 1)) highest = i;
      }
      this.lowest[this.blocks] = lowest;
      this.highest[this.blocks] = highest;
      this.missing[this.blocks] = missing;
    }
  }
}

/** Gathers, per pixel column, which points to keep. */
class Columns {
  private readonly kept: number[] = [];
  private column = Number.NaN;
  private first = NONE;
  private last = NONE;
  private lowest = NONE;
  private highest = NONE;
  private gap = NONE;

  constructor(
    private readonly series: Series,
    private readonly from: number,
    private readonly scale: number,
  ) {}

  add(first: number, lowest: number, highest: number, gap: number, last: number): void {
    const { x, y } = this.series;
    const column = Math.floor(((x[first] as number) - this.from) * this.scale);
    if (column !== this.column) {
      this.flush();
      this.column = column;
      this.first = first;
      this.lowest = lowest;
      this.highest = highest;
      this.gap = NONE;
    }
    if (beats(y[lowest], y[this.lowest], -1)) this.lowest = lowest;
    if (beats(y[highest], y[this.highest], 1)) this.highest = highest;
    if (gap !== NONE) this.gap = gap;
    this.last = last;
  }

  finish(): number[] {
    this.flush();
    return this.kept;
  }

  private flush(): void {
    if (this.first === NONE) return;
    const ordered = [this.first, this.lowest, this.highest, this.gap, this.last].sort(
      (a, b) => a - b,
    );
    for (const index of ordered) {
      if (index !== NONE && this.kept[this.kept.length - 1] !== index) this.kept.push(index);
    }
  }
}

/** Whether `value` lies further in the direction of `sign` than `other`; a gap never does. */
function beats(value: number | undefined, other: number | undefined, sign: 1 | -1): boolean {
  if (value === undefined || Number.isNaN(value)) return false;
  return other === undefined || Number.isNaN(other) || sign * value > sign * other;
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - begin) }, (_, i) => begin + i);
}

function grown<T extends Float64Array | Int32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}
