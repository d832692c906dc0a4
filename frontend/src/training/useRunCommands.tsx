/** What can be done with the run that is shown, by name in the command palette. */
import { Maximize2, Square } from "lucide-react";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { type Command, useCommands } from "../ui";
import type { RunLive } from "./live/useRunLive";
import { useStopRun } from "./useStopRun";

/** `page`: the run is shown on its own page already. */
export function useRunCommands(live: RunLive, page: boolean): void {
  const [, navigate] = useLocation();
  const id = live.run?.id ?? null;
  const { mutate: stop } = useStopRun(id);
  const stoppable = id !== null && !live.finished;
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
  }, [id, page, stoppable, stop, navigate]);
  useCommands(commands);
}
