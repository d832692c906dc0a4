/** Every text colour is readable on every surface, in both themes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/ui/tokens.css", "utf8");

function block(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf("\n}", start));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["paper", "panel", "raised", "sunken"];
const INKS = ["ink", "ink-2", "ink-3", "accent", "ok", "warn", "bad"];
const PAIRS = [
  ...SURFACES.flatMap((surface) => INKS.map((ink) => [ink, surface])),
  ...["accent", "ok", "warn", "bad"].map((tone) => [tone, `${tone}-soft`]),
  ...["accent", "ok", "warn", "bad"].flatMap((tone) => [
    ["ink", `${tone}-soft`],
    ["ink-3", `${tone}-soft`],
  ]),
  ["on-accent", "accent"],
  ["on-accent", "bad"],
  ["paper", "ink"],
] as [string, string][];

describe.each([
  ["light", block(":root")],
  ["dark", block('[data-theme="dark"]')],
])("the %s theme", (_name, tokens) => {
  it.each(PAIRS)("shows %s readably on %s", (ink, surface) => {
    expect(contrast(tokens[ink] ?? "", tokens[surface] ?? "")).toBeGreaterThanOrEqual(4.5);
  });

  it("shows a layer's letters readably on the colour of its group", () => {
    const groups = Object.keys(tokens).filter((name) => name.startsWith("group-"));
    expect(groups).toHaveLength(10);
    for (const group of groups) {
      const ratio = contrast(tokens["on-group"] ?? "", tokens[group] ?? "");
      expect(ratio, group).toBeGreaterThanOrEqual(4.5);
    }
  });
});
