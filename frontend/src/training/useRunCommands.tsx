/** What can be done with the run that is shown, by name in the command palette. */
import { Maximize2, Pause, Play, Square } from "lucide-react";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { type Command, useCommands } from "../ui";
import type { RunLive } from "./live/useRunLive";
import { usePauseRun, useResumeRun, useStopRun } from "./useRunControl";

/** `page`: the run is shown on its own page already. */
export function useRunCommands(live: RunLive, page: boolean): void {
  const [, navigate] = useLocation();
  const id = live.run?.id ?? null;
  const { mutate: stop } = useStopRun(id);
  const { mutate: pause } = usePauseRun(id);
  const { mutate: resume } = useResumeRun(id);
  const stoppable = id !== null && !live.finished;
  const state = id === null ? null : live.state;
  const commands = useMemo(() => {
    const list: Command[] = [];
    if (stoppable) {
      list.push({
        id: "stop-run",
        title: "Stop training, and keep the model",
        group: "Run",
        keywords: "end cancel",
        icon: <Square />,
        run: () => stop(),
      });
    }
    if (state === "queued" || state === "preparing" || state === "running") {
      list.push({
        id: "pause-run",
        title: "Pause training",
        group: "Run",
        keywords: "hold wait",
        icon: <Pause />,
        run: () => pause(),
      });
    }
    if (state === "paused" || state === "stopped" || state === "failed") {
      list.push({
        id: "resume-run",
        title: "Resume training",
        group: "Run",
        keywords: "continue go on",
        icon: <Play />,
        run: () => resume(null),
      });
    }
    if (id !== null && !page) {
      list.push({
        id: "open-run",
        title: "Open the run's page",
        group: "Run",
        keywords: "full recipe",
        icon: <Maximize2 />,
        run: () => navigate(`/runs/${id}`),
      });
    }
    return list;
  }, [id, page, state, stoppable, stop, pause, resume, navigate]);
  useCommands(commands);
}
