/** Numbers, times and shapes as people read them. "–" stands for what is not known. */

const NONE = "–";
// Making one of these takes many times as long as using it, and charts use them at every event.
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const moments = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const days = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
const significant = new Map<number, Intl.NumberFormat>();

type Maybe = number | null | undefined;

function known(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** `digits` significant digits: 0.1234, 1,235, 1.23e-7. */
export function formatNumber(value: Maybe, digits = 4): string {
  if (!known(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) {
    return value.toExponential(Math.max(0, digits - 2)).replace(/\.?0*e/, "e");
  }
  return ofDigits(Math.max(digits, Math.ceil(Math.log10(size)))).format(value);
}

function ofDigits(digits: number): Intl.NumberFormat {
  let format = significant.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", { maximumSignificantDigits: digits });
    significant.set(digits, format);
  }
  return format;
}

/** 15,082 */
export function formatCount(value: Maybe): string {
  return known(value) ? counts.format(value) : NONE;
}

/** 0.953 → 95.3% */
export function formatPercent(value: Maybe, decimals = 1): string {
  return known(value) ? `${(value * 100).toFixed(decimals)}%` : NONE;
}

/** Seconds → 850 ms, 12 s, 3 min 20 s, 2 h 5 min */
export function formatDuration(seconds: Maybe): string {
  if (!known(seconds) || seconds < 0) return NONE;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** [32, 28, 28] → 32×28×28 */
export function formatShape(shape: readonly number[] | null | undefined): string {
  return shape ? shape.map((size) => counts.format(size).replaceAll(",", "")).join("×") : NONE;
}

/** 1,536 → 1.5 kB, in powers of 1,000 as disks are sold. */
export function formatBytes(bytes: Maybe): string {
  if (!known(bytes)) return NONE;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** An RFC 3339 time → 3 Mar 2026, 14:05, in the reader's own time zone. */
export function formatDate(time: string | null | undefined): string {
  if (!time) return NONE;
  return moments.format(new Date(time));
}

/** An RFC 3339 time → just now, 5 min ago, 3 h ago, yesterday, 3 Mar 2026 */
export function formatAgo(time: string | null | undefined, now = Date.now()): string {
  if (!time) return NONE;
  const seconds = (now - Date.parse(time)) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return "yesterday";
  return days.format(new Date(time));
}

/** count("row", 1) → "1 row", count("row", 2) → "2 rows", count("class", 3, "classes") */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}
