/** The live store in a browser: websockets of the page's own server, timers, painted frames. */
import type { Socket } from "./client";
import { LiveRuns, type Surroundings } from "./store";

/** The address of a run's live stream, by the page's own scheme and host. */
export function liveUrl(page: Pick<Location, "protocol" | "host">, runId: string, after: number) {
  const scheme = page.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${page.host}/api/runs/${encodeURIComponent(runId)}/live?after=${after}`;
}

const HIDDEN_INTERVAL = 250;

const surroundings: Surroundings = {
  open: (runId, after) => new WebSocket(liveUrl(window.location, runId, after)) as Socket,
  wait: (callback, milliseconds) => {
    const timer = window.setTimeout(callback, milliseconds);
    return () => window.clearTimeout(timer);
  },
  frame: (callback) => {
    // A hidden page paints no frames, yet its title and toasts should still hear of the end.
    if (document.hidden) return surroundings.wait(callback, HIDDEN_INTERVAL);
    const frame = window.requestAnimationFrame(callback);
    return () => window.cancelAnimationFrame(frame);
  },
};

export const liveRuns = new LiveRuns(surroundings);

window.addEventListener("online", () => liveRuns.wake());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) liveRuns.wake();
});
