/** How every layer's weights, gradients and outputs are spread while the network learns. */
import { Layers3 } from "lucide-react";
import { memo, useMemo, useState } from "react";
import type { LayerStatistics } from "../../api";
import {
  cx,
  EmptyState,
  formatNumber,
  formatPercent,
  formatPlural,
  Segmented,
  Sparkline,
} from "../../ui";
import type { RunHistory } from "../live/history";
import { Heat } from "./Heat";
import { readPath, sayPath } from "./paths";

export interface LayersViewProps {
  history: RunHistory;
  finished: boolean;
  /** Show a layer on the canvas. */
  onLayer?: (path: string) => void;
}

const TENSORS = {
  activations: { label: "Outputs", title: "What leaves the layers, after their activation" },
  gradients: { label: "Gradients", title: "Of the last step, as the optimizer gets them" },
  weights: { label: "Weights", title: "All that is trained in the layers, biases too" },
} as const;

type Tensor = keyof typeof TENSORS;
const ORDER = Object.keys(TENSORS) as Tensor[];
const COLUMNS =
  "grid grid-cols-[minmax(6rem,11rem)_minmax(6rem,1fr)_6.5rem] items-center gap-x-4 @xl:grid-cols-[minmax(6rem,11rem)_minmax(6rem,1fr)_6.5rem_10.5rem] @3xl:grid-cols-[minmax(6rem,11rem)_minmax(6rem,1fr)_6.5rem_10.5rem_6.5rem]";

export function LayersView({ history, finished, onLayer }: LayersViewProps) {
  const [tensor, setTensor] = useState<Tensor>("activations");
  const { looks } = history;
  const newest = looks.at(-1);
  const paths = useMemo(() => Object.keys(newest?.nodes ?? {}), [newest]);
  if (newest === undefined || paths.length === 0) {
    return (
      <EmptyState icon={<Layers3 />} title="Nothing of the layers yet">
        {finished
          ? "This run ended before its layers were looked at."
          : "The layers are looked at from the first step on. They appear here as soon as it is taken."}
      </EmptyState>
    );
  }
  return (
    <div className="@container grid gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented
          label="What to show of the layers"
          value={tensor}
          onChange={setTensor}
          options={ORDER.map((value) => ({ value, ...TENSORS[value] }))}
        />
        <p className="min-w-0 flex-1 text-xs text-ink-3">
          Each strip runs from the first step to step {newest.step.toLocaleString("en-US")}; the
          stronger its colour, the more numbers lie there. {formatPlural(paths.length, "layer")},
          looked at {formatPlural(looks.length, "time")}.
        </p>
      </div>
      <ul aria-label="Layers in order" className="grid">
        <li
          aria-hidden="true"
          className={cx(
            COLUMNS,
            "sticky top-0 z-1 border-b border-line bg-panel py-1 text-2xs text-ink-3",
          )}
        >
          <span>Layer</span>
          <span>{TENSORS[tensor].label} over time</span>
          <span className="text-right">Mean ± deviation</span>
          <span className="hidden @xl:block">Update to weights</span>
          <span className="hidden text-right @3xl:block">Zeros</span>
        </li>
        {paths.map((path) => (
          <Row
            key={path}
            path={path}
            looks={looks}
            version={newest.seq}
            tensor={tensor}
            onLayer={onLayer}
          />
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  path: string;
  looks: RunHistory["looks"];
  version: number;
  tensor: Tensor;
  onLayer?: (path: string) => void;
}

const Row = memo(function Row({ path, looks, version, tensor, onLayer }: RowProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the looks
  const all = useMemo(() => looks.map(({ nodes }) => nodes[path]), [path, version]);
  const tensors = useMemo(() => all.map((look) => look?.[tensor]), [all, tensor]);
  const now = all.at(-1);
  const told = now?.[tensor];
  const { layers, copy } = readPath(path);
  const name = sayPath(path);
  const spread = told ? `${formatNumber(told.mean, 3)} ± ${formatNumber(told.std, 3)}` : "none";
  const depth = layers.length - 1;
  return (
    <li className={cx(COLUMNS, "border-b border-line/60 py-1 text-xs")}>
      <span className="min-w-0" style={{ paddingLeft: `${Math.min(depth, 4) * 0.75}rem` }}>
        {onLayer ? (
          <button
            type="button"
            title={name}
            className="block max-w-full cursor-pointer truncate rounded-sm text-left font-semibold text-accent hover:underline"
            onClick={() => onLayer(path)}
          >
            {layers.at(-1)}
          </button>
        ) : (
          <span title={name} className="block truncate font-semibold">
            {layers.at(-1)}
          </span>
        )}
        {copy !== null && <span className="block text-2xs text-ink-3">copy {copy}</span>}
      </span>
      {told ? (
        <Heat
          looks={tensors}
          summary={`${TENSORS[tensor].label} of ${name}: ${spread}, from ${formatNumber(told.low, 3)} to ${formatNumber(told.high, 3)}`}
        />
      ) : (
        <span className="text-ink-3">This layer has none.</span>
      )}
      <span className="text-right font-mono text-2xs leading-tight tabular-nums">
        {told ? (
          <>
            <span className="block">{formatNumber(told.mean, 3)}</span>
            <span className="block text-ink-3">± {formatNumber(told.std, 3)}</span>
          </>
        ) : (
          "–"
        )}
      </span>
      <span className="hidden @xl:block">
        <UpdateRatio all={all} name={name} />
      </span>
      <span className="hidden text-right font-mono text-2xs leading-tight tabular-nums @3xl:block">
        <span className="block">{formatPercent(told?.zeros)}</span>
        {now && tensor === "activations" && <Units now={now} />}
      </span>
    </li>
  );
});

/** Beyond these a step moves the weights unusually little or much; a thousandth is usual. */
const SLOW = 1e-5;
const FAST = 1e-1;

function UpdateRatio({
  all,
  name,
}: {
  all: readonly (LayerStatistics | undefined)[];
  name: string;
}) {
  const ratios = all.map((look) => look?.update_ratio ?? null);
  const now = ratios.at(-1) ?? null;
  if (ratios.every((ratio) => ratio === null)) {
    return <span className="text-ink-3">nothing to train</span>;
  }
  const unusual = now !== null && (now < SLOW || now > FAST);
  const said = `Update to weights of ${name}: ${formatNumber(now, 2)}`;
  return (
    <span className="flex items-center gap-2">
      <Sparkline
        className="w-20! shrink-0"
        values={ratios.map((ratio) => (ratio !== null && ratio > 0 ? Math.log10(ratio) : null))}
        label={said}
      />
      <span
        className={cx("font-mono text-2xs tabular-nums", unusual ? "text-warn" : "text-ink-2")}
        title="How far a step moves the weights, as a share of their size; about 0.001 is usual"
      >
        {formatNumber(now, 2)}
      </span>
    </span>
  );
}

/** What is wrong with the units, if a share of them does not take part. */
function Units({ now }: { now: LayerStatistics }) {
  const shares = [
    [now.dead, "dead", "Units that are 0 for every example"],
    [now.saturated, "flat", "Outputs where the function is all but flat"],
  ] as const;
  return shares.map(
    ([share, word, title]) =>
      share != null &&
      share >= 0.005 && (
        <span key={word} className={cx("block", share > 0.5 && "text-warn")} title={title}>
          {formatPercent(share, 0)} {word}
        </span>
      ),
  );
}
