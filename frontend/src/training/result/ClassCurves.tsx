/** How well the probabilities of a class part it from the others, and whether they can be believed. */
import { type ReactNode, useState } from "react";
import type { ClassCurves as Curves } from "../../api";
import { formatCount, formatNumber, formatPercent, Select } from "../../ui";
import { Plane } from "./Plane";

const UNIT = { low: 0, high: 1 };

export function ClassCurves({ curves }: { curves: readonly Curves[] }) {
  const [chosen, setChosen] = useState(() => worthALook(curves));
  const shown = curves[chosen] ?? curves[0];
  if (!shown) return null;
  const { name, recall, precision, false_positive_rate: falsely, calibration } = shown;
  const places = recall.map((_, place) => place);
  return (
    <section aria-label="Curves of a class" className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="text-xs font-semibold">
          How sure it is of <span className="sr-only">a class</span>
        </h3>
        <span className="w-48">
          <Select
            label="Class"
            className="h-7! text-xs!"
            value={String(chosen)}
            onChange={(value) => setChosen(Number(value))}
            options={curves.map((each, place) => ({ value: String(place), label: each.name }))}
          />
        </span>
      </div>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-5">
        <Picture title="ROC" value={`area ${formatNumber(shown.auc, 3)}`}>
          <Plane
            label={`ROC curve of ${name}: the area under it is ${formatNumber(shown.auc, 3)}; telling nothing gives 0.5`}
            x={{ title: "others taken for it", ...UNIT }}
            y={{ title: "found", ...UNIT }}
            points={[]}
            line={places.map((at) => ({ x: falsely[at] ?? 0, y: recall[at] ?? 0 }))}
            right={[
              [0, 0],
              [1, 1],
            ]}
          />
        </Picture>
        <Picture
          title="Precision and recall"
          value={`average precision ${formatNumber(shown.average_precision, 3)}`}
        >
          <Plane
            label={`Precision over recall of ${name}: average precision ${formatNumber(shown.average_precision, 3)}`}
            x={{ title: "recall: found", ...UNIT }}
            y={{ title: "precision: rightly said", ...UNIT }}
            points={[]}
            line={places.map((at) => ({ x: recall[at] ?? 0, y: precision[at] ?? 0 }))}
          />
        </Picture>
        <Picture title="Calibration" value="best on the diagonal">
          <Plane
            label={`Calibration of ${name}: how often it was right to be so sure, in ${calibration.length} steps of probability`}
            x={{ title: "said to be as probable", ...UNIT }}
            y={{ title: "true of so many", ...UNIT }}
            points={calibration.map(({ probability, share, examples }, key) => ({
              key,
              x: probability,
              y: share,
              title: `said ${formatPercent(probability, 0)}, true of ${formatPercent(share, 0)} of ${formatCount(examples)}`,
            }))}
            line={calibration.map(({ probability, share }) => ({ x: probability, y: share }))}
            right={[
              [0, 0],
              [1, 1],
            ]}
          />
        </Picture>
      </div>
    </section>
  );
}

/** Of two classes the second is what is looked for; of more the one that is parted worst. */
function worthALook(curves: readonly Curves[]): number {
  if (curves.length === 2) return 1;
  const areas = curves.map(({ auc }) => auc);
  return Math.max(0, areas.indexOf(Math.min(...areas)));
}

function Picture({
  title,
  value,
  children,
}: {
  title: string;
  value: string;
  children: ReactNode;
}) {
  return (
    <figure className="w-72 max-w-full">
      <figcaption className="pb-1 text-xs font-semibold">
        {title} <span className="font-normal text-ink-3">{value}</span>
      </figcaption>
      {children}
    </figure>
  );
}
