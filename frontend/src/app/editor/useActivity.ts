/** Shows on the layers how lively they are while a run trains them. */
import { useEffect } from "react";
import { type Activity, useActions } from "../../editor";
import type { RunLive } from "../../training";

/** With so few outputs that are not zero, a layer is all but dead. */
const DEAD = 0.95;

export function useActivity({ layers, finished }: RunLive): void {
  const actions = useActions();
  useEffect(() => {
    const activity: Record<string, Activity> = {};
    if (!finished) {
      for (const [node, statistics] of Object.entries(layers ?? {})) {
        const zeros = statistics.activations?.zeros;
        if (zeros === null || zeros === undefined) continue;
        activity[node] = {
          level: 1 - zeros,
          tone: zeros > DEAD ? "warn" : "ok",
          label: `${Math.round((1 - zeros) * 100)} % of its outputs are not zero`,
        };
      }
    }
    actions.setActivity(activity);
  }, [actions, layers, finished]);
}
