/** What can be asked of a run: to pause, to go on, to stop. */
import { Pause, Play, Square } from "lucide-react";
import { type FormEvent, memo, useId, useState } from "react";
import { Button, Dialog, NumberInput, Tooltip } from "../ui";
import { ChangeButton } from "./ChangeDialog";
import type { RunLive } from "./live/useRunLive";
import { usePauseRun, useResumeRun, useStopRun } from "./useRunControl";

const MORE_EPOCHS = 20;

/** The buttons that suit the run's state. */
export function RunControls({ live }: { live: RunLive }) {
  const { run, state } = live;
  if (run === undefined || state === null) return null;
  return (
    <>
      {(state === "queued" || state === "preparing" || state === "running") && (
        <PauseButton runId={run.id} />
      )}
      {(state === "queued" ||
        state === "preparing" ||
        state === "running" ||
        state === "paused") && <ChangeButton run={run} epoch={live.epoch} />}
      {(state === "paused" || state === "stopped" || state === "failed") && (
        <ResumeButton runId={run.id} />
      )}
      {state === "completed" && <MoreButton runId={run.id} done={live.epoch} />}
      {!live.finished && <StopButton runId={run.id} stopping={state === "stopping"} />}
    </>
  );
}

// What says the same at every event is not made anew at each: a tooltip takes as long as a curve.
const PauseButton = memo(function PauseButton({ runId }: { runId: string }) {
  const pause = usePauseRun(runId);
  return (
    <Tooltip content="Leaves the training where it stands and frees its cores, until it is resumed.">
      <Button
        size="sm"
        icon={<Pause />}
        loading={pause.isPending || pause.isSuccess}
        onClick={() => pause.mutate()}
      >
        Pause
      </Button>
    </Tooltip>
  );
});

function ResumeButton({ runId }: { runId: string }) {
  const resume = useResumeRun(runId);
  return (
    <Tooltip content="Goes on from the last checkpoint, as if there had been no interruption.">
      <Button
        size="sm"
        icon={<Play />}
        loading={resume.isPending}
        onClick={() => resume.mutate(null)}
      >
        Resume
      </Button>
    </Tooltip>
  );
}

/** Goes on with a completed run, once it is said how far. */
function MoreButton({ runId, done }: { runId: string; done: number }) {
  const form = useId();
  const resume = useResumeRun(runId);
  const [open, setOpen] = useState(false);
  const [epochs, setEpochs] = useState<number | null>(null);
  const wanted = epochs ?? done + MORE_EPOCHS;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    resume.mutate(wanted, { onSuccess: () => setOpen(false) });
  };
  return (
    <>
      <Button size="sm" icon={<Play />} onClick={() => setOpen(true)}>
        Train on
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Train for more epochs"
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              variant="primary"
              type="submit"
              form={form}
              loading={resume.isPending}
              disabled={wanted <= done}
            >
              Train on
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} className="grid gap-1.5 pt-1">
          <span>Epochs in all; {done} are done.</span>
          <NumberInput
            aria-label="Epochs in all"
            min={done + 1}
            max={1_000_000}
            value={wanted}
            onChange={setEpochs}
          />
        </form>
      </Dialog>
    </>
  );
}

/** Ends a run that has not ended, keeping its model. */
const StopButton = memo(function StopButton(props: { runId: string; stopping: boolean }) {
  const { runId, stopping } = props;
  const stop = useStopRun(runId);
  return (
    <Tooltip content="Ends at the next step. The model and the curve are kept.">
      <Button
        size="sm"
        icon={<Square />}
        loading={stop.isPending || stopping}
        onClick={() => stop.mutate()}
      >
        Stop
      </Button>
    </Tooltip>
  );
});
