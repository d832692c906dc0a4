/**
 * Shows on the layers how lively they are while a run trains them, inside an open block too.
 *
 * A component without a picture: what a run tells many times a second draws nothing else anew.
 */
import { useEffect } from "react";
import { type Activity, type Mark, useActions, useDocument } from "../../editor";
import { pathsOf, useRunLive } from "../../training";

/** With so few outputs that are not zero, a layer is all but dead. */
const DEAD = 0.95;

export function RunActivity({ runId }: { runId: string | null }) {
  const { layers, finished, history } = useRunLive(runId);
  const actions = useActions();
  const inside = useDocument((state) => state.inside);
  useEffect(() => {
    const activity: Record<string, Activity> = {};
    if (!finished) {
      for (const [node, paths] of pathsOf(Object.keys(layers), inside)) {
        // Of several copies the least lively one is shown.
        const zeros = paths.flatMap((path) => layers[path]?.activations?.zeros ?? []);
        if (zeros.length === 0) continue;
        const most = Math.max(...zeros);
        activity[node] = {
          level: 1 - most,
          tone: most > DEAD ? "warn" : "ok",
          label: `${Math.round((1 - most) * 100)}% of its outputs are not zero`,
        };
      }
    }
    actions.setActivity(activity);
  }, [actions, layers, inside, finished]);

  const { findings } = history;
  useEffect(() => {
    const marks: Record<string, Mark[]> = {};
    for (const { node, layer, title, severity, message } of findings) {
      if (node === null) continue;
      // What lies in a block that is not open is told on the block.
      const path = layer ?? node;
      const [own] = pathsOf([path], inside).keys();
      const id = own ?? (inside.length === 0 ? node : null);
      if (id === null) continue;
      const said = { title: title || message, severity: severity ?? "warning" };
      marks[id] = [...(marks[id] ?? []), said];
    }
    actions.setMarks(marks);
  }, [actions, findings, inside]);
  return null;
}
