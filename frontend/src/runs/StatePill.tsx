/** A run's state. */
import type { RunSummary } from "../api";
import { isActive } from "../api/queries";
import { Pill, type Tone } from "../ui";

const TONES: Record<RunSummary["state"], Tone> = {
  queued: "neutral",
  preparing: "accent",
  running: "accent",
  paused: "neutral",
  stopping: "neutral",
  completed: "ok",
  stopped: "neutral",
  diverged: "warn",
  failed: "bad",
};

/** A run's state, with the reason where there is one. */
export function StatePill({ run }: { run: RunSummary }) {
  return (
    <Pill
      tone={TONES[run.state]}
      dot={isActive(run) && run.state !== "queued" ? "live" : true}
      title={run.message || undefined}
    >
      {run.state}
    </Pill>
  );
}
