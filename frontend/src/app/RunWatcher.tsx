/** Says when a run ends that is not on screen. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { healthQuery, isActive, runsQuery } from "../api/queries";
import { type Tone, toast } from "../ui";

const ENDINGS: Record<string, { words: string; tone: Tone }> = {
  completed: { words: "is done", tone: "ok" },
  stopped: { words: "was stopped", tone: "neutral" },
  diverged: { words: "diverged", tone: "warn" },
  failed: { words: "failed", tone: "bad" },
};

/** Says when a run ends that is not on screen. Asks for the runs only while any are under way. */
export function RunWatcher() {
  const [location, navigate] = useLocation();
  const { data: health } = useQuery(healthQuery());
  const active = useRef(new Set<string>());
  const busy = (health?.workers.busy ?? 0) + (health?.workers.queued ?? 0) > 0;
  const { data: runs } = useQuery({
    ...runsQuery(),
    enabled: busy || active.current.size > 0,
    refetchInterval: busy || active.current.size > 0 ? 2_000 : false,
  });

  useEffect(() => {
    for (const run of runs?.items ?? []) {
      if (isActive(run)) {
        active.current.add(run.id);
        continue;
      }
      if (!active.current.delete(run.id)) continue;
      const folds = run.cross_validation;
      const seen = [
        `/runs/${run.id}`,
        `/networks/${run.network_id}`,
        `/cross-validations/${folds?.id}`,
      ].includes(location);
      const ending = ENDINGS[run.state];
      if (seen || !ending) continue;
      if (folds) {
        const all = runs?.items.filter((each) => each.cross_validation?.id === folds.id) ?? [];
        // Told once, of all of them, when the last one has ended.
        if (all.some((each) => isActive(each) || active.current.has(each.id))) continue;
        toast({
          title: `${folds.folds} folds of ${run.network_name} have ended`,
          tone: all.every(({ state }) => state === "completed") ? "ok" : "warn",
          action: {
            label: "Open the folds",
            onClick: () => navigate(`/cross-validations/${folds.id}`),
          },
        });
        continue;
      }
      toast({
        title: `Run ${run.number} of ${run.network_name} ${ending.words}`,
        description: run.message || undefined,
        tone: ending.tone,
        action: { label: "Open the run", onClick: () => navigate(`/runs/${run.id}`) },
      });
    }
  }, [runs, location, navigate]);
  return null;
}
