/** One line that says how a run stands: state, epoch, rate, time left. */
import { WifiOff } from "lucide-react";
import { memo, type ReactNode } from "react";
import { formatCount, formatDuration, Pill, Progress, Tooltip } from "../ui";
import type { RunState as State } from "./live/events";
import type { RunLive } from "./live/useRunLive";
import { stateText, stateTone } from "./states";

/** State and device, and whether the page still hears of it. */
export function RunState({ live }: { live: RunLive }) {
  const { state, run, message, connection } = live;
  if (state === null) return null;
  return (
    <>
      <StateLine state={state} message={message} device={run?.device ?? null} />
      {connection === "lost" && (
        <Tooltip content="The run goes on. The curve continues without a gap when the server is heard again.">
          <Pill tone="warn">
            <WifiOff aria-hidden="true" className="size-3" /> reconnecting …
          </Pill>
        </Tooltip>
      )}
    </>
  );
}

const StateLine = memo(function StateLine(props: {
  state: State;
  message: string;
  device: string | null;
}) {
  const { state, message, device } = props;
  return (
    <span role="status">
      <Tooltip content={message}>
        <Pill
          tone={stateTone(state)}
          dot={state === "running" || state === "preparing" ? "live" : true}
          data-testid="run-state"
        >
          {stateText(state, device)}
        </Pill>
      </Tooltip>
    </span>
  );
});

/** "Epoch 14 of 30", the bar, the rate and the time left. */
export function RunProgress({ live, unit }: { live: RunLive; unit: string }) {
  const { history, state, epoch, epochs, finished, run } = live;
  if (run === undefined || state === null || epochs === 0) return null;
  if (state === "queued" || state === "preparing") {
    return <Progress value={null} label={stateText(state, null)} className="w-28" />;
  }
  const done = finished ? run.epoch : (history.epochOfStep(history.step) ?? epoch);
  const took =
    run.started_at && run.ended_at
      ? (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000
      : null;
  return (
    <>
      <span className="whitespace-nowrap text-ink-2">
        Epoch <b className="font-semibold text-ink">{formatCount(finished ? run.epoch : epoch)}</b>{" "}
        of {formatCount(epochs)}
      </span>
      <Progress value={done / epochs} label="Epochs done" className="w-28 shrink" />
      <span className="min-w-0 truncate whitespace-nowrap text-ink-3 tabular-nums">
        {finished
          ? took !== null && `took ${formatDuration(took)}`
          : [
              history.samplesPerSecond !== null &&
                `${formatCount(history.samplesPerSecond)} ${unit}/s`,
              history.secondsPerEpoch !== null &&
                `${formatDuration(history.secondsPerEpoch)} an epoch`,
              history.secondsLeft !== null && `${formatDuration(history.secondsLeft)} left`,
            ]
              .filter(Boolean)
              .join(" · ")}
      </span>
    </>
  );
}

/** The last message of a run that did not go to its end, where it cannot be overlooked. */
export function RunMessage({ live }: { live: RunLive }): ReactNode {
  const { state, message } = live;
  if (state === "paused" && message.startsWith("The disk is full")) {
    return <p className="rounded-md bg-warn-soft px-3 py-2 text-ink">{message}</p>;
  }
  if ((state !== "failed" && state !== "diverged") || !message) return null;
  return (
    <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-ink">
      <b className="font-semibold text-bad">{state === "failed" ? "Failed" : "Diverged"}:</b>{" "}
      {message}
    </p>
  );
}
