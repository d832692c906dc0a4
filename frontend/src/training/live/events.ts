/** The messages of a run as the live stream sends them. */
import type { Events, Run } from "../../api";

export type RunEvent = Events["events"][number];
export type RunState = Run["state"];

const TERMINAL: ReadonlySet<RunState> = new Set(["completed", "stopped", "diverged", "failed"]);

/** True when a run in this state says nothing more. */
export function isTerminal(state: RunState | null | undefined): boolean {
  return state != null && TERMINAL.has(state);
}

/** Read one message of the stream; null when it is not an event. */
export function parseEvent(text: unknown): RunEvent | null {
  if (typeof text !== "string") return null;
  try {
    const event = JSON.parse(text) as Partial<RunEvent> | null;
    const known =
      typeof event === "object" &&
      event !== null &&
      Number.isInteger(event.seq) &&
      typeof event.kind === "string";
    return known ? (event as RunEvent) : null;
  } catch {
    return null;
  }
}
