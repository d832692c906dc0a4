/** A run's states in words and tones. */
import type { Run } from "../api";
import type { Tone } from "../ui";
import type { RunState } from "./live/events";

const TONES: Record<RunState, Tone> = {
  queued: "neutral",
  preparing: "accent",
  running: "accent",
  paused: "warn",
  stopping: "warn",
  completed: "ok",
  stopped: "ok",
  diverged: "bad",
  failed: "bad",
};

export function stateTone(state: RunState): Tone {
  return TONES[state];
}

/** "running on CPU", "completed", "queued" */
export function stateText(state: RunState, device: string | null): string {
  const on = state === "running" && device ? ` on ${deviceName(device)}` : "";
  return `${state}${on}`;
}

/** Short names are abbreviations and written as such; a card's own name stays as it is. */
export function deviceName(device: string): string {
  return device.length <= 4 ? device.toUpperCase() : device;
}

/** What the rows of a run's data are called, in the plural. */
export function noun(kind: "table" | "images" | null | undefined): "rows" | "images" {
  return kind === "images" ? "images" : "rows";
}

/** The part of the data that judges the finished model: the test part, if one was kept. */
export function judgingPart(run: Pick<Run, "recipe">): "test" | "validation" | "train" {
  const split = run.recipe.split;
  if ((split?.test ?? 0) > 0) return "test";
  return (split?.validation ?? 0) > 0 ? "validation" : "train";
}
