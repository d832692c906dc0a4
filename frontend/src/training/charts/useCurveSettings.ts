/** What all charts of a run share: scale, smoothing, zoom and the run they are compared with. */
import { useMemo, useState } from "react";
import type { View } from "./frame";

export interface CurveSettings {
  log: boolean;
  smoothing: number;
  zoom: View | null;
  comparedId: string | null;
  set(change: Partial<Omit<CurveSettings, "set">>): void;
}

const INITIAL = { log: false, smoothing: 0, zoom: null };

/** `comparedId`: the run to compare with at first. */
export function useCurveSettings(comparedId: string | null): CurveSettings {
  const [settings, setSettings] = useState<Omit<CurveSettings, "set">>({ ...INITIAL, comparedId });
  return useMemo(
    () => ({ ...settings, set: (change) => setSettings((old) => ({ ...old, ...change })) }),
    [settings],
  );
}
