/** Numbers, times and shapes as people read them. */
import { describe, expect, it } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatPlural,
  formatShape,
} from "./format";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [0.123456, "0.1235"],
    [1234.5, "1,235"],
    [15082, "15,082"],
    [-2.5, "-2.5"],
    [1.234e-7, "1.23e-7"],
    [null, "–"],
    [undefined, "–"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("%s is written %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("writes counts with thousands separators", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
    expect(formatPlural(1, "row")).toBe("1 row");
    expect(formatPlural(1500, "row")).toBe("1,500 rows");
    expect(formatPercent(0.9534)).toBe("95.3%");
  });
});

describe("times", () => {
  it.each([
    [0.0123, "12 ms"],
    [3.21, "3.2 s"],
    [59.4, "59 s"],
    [59.7, "1 min"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
    [-1, "–"],
    [null, "–"],
  ])("%s seconds are written %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("tells how long ago something was", () => {
    const now = Date.parse("2026-03-03T12:00:00Z");
    expect(formatAgo("2026-03-03T11:59:50Z", now)).toBe("just now");
    expect(formatAgo("2026-03-03T11:55:00Z", now)).toBe("5 min ago");
    expect(formatAgo("2026-03-03T09:00:00Z", now)).toBe("3 h ago");
    expect(formatAgo("2026-03-02T10:00:00Z", now)).toBe("yesterday");
  });
});

describe("sizes", () => {
  it("writes bytes in the unit that suits them", () => {
    expect(formatBytes(999)).toBe("999 B");
    expect(formatBytes(1536)).toBe("1.5 kB");
    expect(formatBytes(250_000_000)).toBe("250 MB");
  });

  it("writes shapes without separators", () => {
    expect(formatShape([32, 28, 28])).toBe("32×28×28");
    expect(formatShape([1024])).toBe("1024");
    expect(formatShape(null)).toBe("–");
  });
});
