/** Scale, smoothing, comparison and export of a run's curves. */
import { Download, Maximize2 } from "lucide-react";
import { memo, useId } from "react";
import type { RunSummary } from "../../api";
import { Button, IconButton, Menu, Select, Switch } from "../../ui";
import type { CurveSettings } from "./useCurveSettings";

export interface CurveToolbarProps {
  settings: CurveSettings;
  /** Other runs that can be laid under this one. */
  others: readonly RunSummary[];
  onPicture(): void;
  onCsv(): void;
}

const NOBODY = "none";

export const CurveToolbar = memo(function CurveToolbar(props: CurveToolbarProps) {
  const { settings, others, onPicture, onCsv } = props;
  const id = useId();
  const { log, smoothing, zoom, comparedId, set } = settings;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pl-4 text-xs text-ink-2">
      {zoom !== null && (
        <Button size="sm" variant="ghost" icon={<Maximize2 />} onClick={() => set({ zoom: null })}>
          Whole run
        </Button>
      )}
      <span className="flex items-center gap-1.5">
        <Switch id={`${id}log`} checked={log} onChange={(checked) => set({ log: checked })} />
        <label htmlFor={`${id}log`}>Log scale</label>
      </span>
      <span className="flex items-center gap-1.5">
        <label htmlFor={`${id}smoothing`}>Smoothing</label>
        <input
          id={`${id}smoothing`}
          type="range"
          min={0}
          max={0.95}
          step={0.05}
          value={smoothing}
          aria-valuetext={smoothing === 0 ? "none" : String(smoothing)}
          onChange={(event) => set({ smoothing: event.target.valueAsNumber })}
          className="h-5 w-20 accent-accent"
        />
      </span>
      {others.length > 0 && (
        <span className="w-36">
          <Select
            label="Compare with"
            className="h-7! text-xs!"
            value={comparedId ?? NOBODY}
            onChange={(value) => set({ comparedId: value === NOBODY ? null : value })}
            options={[
              { value: NOBODY, label: "Compare with …" },
              ...others.map((each) => ({
                value: each.id,
                label: `Run ${each.number}`,
                hint: each.dataset_name,
              })),
            ]}
          />
        </span>
      )}
      <Menu
        trigger={<IconButton size="sm" label="Save the curves" icon={<Download />} />}
        items={[
          { label: "Picture (PNG)", onSelect: onPicture },
          { label: "Values by epoch (CSV)", onSelect: onCsv },
        ]}
      />
    </div>
  );
});
