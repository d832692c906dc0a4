/** How good the finished model is, on data it has not seen, against doing without one. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import {
  type Catalog,
  type Cell,
  type Dataset,
  type Evaluation,
  evaluateRun,
  type Run,
} from "../../api";
import { datasetQuery } from "../../api/queries";
import { cx, EmptyState, ErrorNotice, Segmented, Skeleton } from "../../ui";
import { metricInfo } from "../charts/metrics";
import { judgingPart } from "../states";
import { ClassCurves } from "./ClassCurves";
import { ConfusionMatrix } from "./ConfusionMatrix";
import { Examples, type Source } from "./Examples";
import { Mistakes } from "./Mistakes";
import { PerClass } from "./PerClass";
import { Residuals, Scatter } from "./Scatter";
import { verdict } from "./words";

type Split = Evaluation["split"];

export interface ResultProps {
  run: Run;
  finished: boolean;
  catalog: Catalog | undefined;
}

export function Result({ run, finished, catalog }: ResultProps) {
  const [chosen, setChosen] = useState<Split | null>(null);
  const split = chosen ?? judgingPart(run);
  const hasModel = finished && run.state !== "failed";
  const dataset = useQuery(datasetQuery(run.dataset_id, run.dataset_version));
  const evaluation = useQuery({
    queryKey: ["run", run.id, "evaluation", split],
    queryFn: ({ signal }) => evaluateRun({ path: { run_id: run.id }, query: { split }, signal }),
    enabled: hasModel,
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (!finished) {
    return (
      <EmptyState title="Still learning">
        When the run has ended, the model is judged here on data it has never seen.
      </EmptyState>
    );
  }
  if (!hasModel) {
    return (
      <EmptyState title="No model to judge">
        The run failed before it left a model. The log says why.
      </EmptyState>
    );
  }
  return (
    <div className="grid content-start gap-4">
      <Segmented<Split>
        label="Part of the data"
        className="w-72"
        value={split}
        onChange={setChosen}
        options={partsOf(run)}
      />
      {evaluation.isPending && (
        <div className="grid gap-3" role="status" aria-label="Evaluating">
          <Skeleton className="h-6 w-2/3" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
      {evaluation.isError && (
        <ErrorNotice error={evaluation.error} onRetry={() => void evaluation.refetch()} />
      )}
      {evaluation.data &&
        judgements(evaluation.data, run).map((judgement) => (
          <Judged
            key={judgement.name}
            judgement={judgement}
            run={run}
            dataset={dataset.data}
            catalog={catalog}
          />
        ))}
    </div>
  );
}

/** One Output: the verdict, what it took for what, how sure it was, and where it erred. */
function Judged({
  judgement: { name, target, judged, asked },
  run,
  dataset,
  catalog,
}: {
  judgement: Judgement;
  run: Run;
  dataset: Dataset | undefined;
  catalog: Catalog | undefined;
}) {
  const [cell, setCell] = useState<Cell | null>(null);
  const steps = run.recipe.sequence != null && run.recipe.sequence !== "none";
  const source: Source = {
    datasetId: run.dataset_id,
    version: run.dataset_version,
    images: dataset?.kind === "images",
    columns: steps ? [] : (run.recipe.inputs ?? []),
  };
  const pairs = judged.pairs ?? [];
  return (
    <section className="grid content-start gap-4" aria-label={name ?? undefined}>
      {name !== null && (
        <h3 className="border-t border-line pt-3 font-semibold">
          {target} <span className="font-normal text-ink-3">at the output {name}</span>
        </h3>
      )}
      <Headline evaluation={judged} target={target} dataset={dataset} />
      <div className="flex flex-wrap items-start gap-x-10 gap-y-5">
        <ConfusionMatrix evaluation={judged} chosen={cell} onChoose={setCell} />
        <Scatter pairs={pairs} target={target} />
        <Residuals pairs={pairs} target={target} />
        <Numbers evaluation={judged} asked={asked} catalog={catalog} />
      </div>
      {cell && <OfCell cell={cell} source={source} />}
      <Mistakes
        mistakes={judged.mistakes ?? []}
        source={source}
        labels={judged.confusion ? null : (judged.classes ?? null)}
      />
      <ClassCurves curves={judged.curves ?? []} />
    </section>
  );
}

/** The examples of the chosen cell of the confusion matrix. */
function OfCell({ cell, source }: { cell: Cell; source: Source }) {
  const { expected, predicted, examples } = cell;
  const right = expected === predicted;
  return (
    <section aria-label="Examples of the chosen cell" aria-live="polite">
      <h3 className="pb-1.5 text-xs font-semibold">
        {right ? `${expected}, rightly told` : `${expected}, called ${predicted}`}{" "}
        <span className="font-normal text-ink-3">
          {right ? "the least sure first" : "the most sure first"}
        </span>
      </h3>
      <Examples source={source} examples={examples} />
    </section>
  );
}

interface Judgement {
  /** The id of the Output; null for the only one. */
  name: string | null;
  target: string;
  judged: Evaluation;
  /** What was asked of it alone: its values bear names without that of the Output. */
  asked: Pick<Run, "recipe" | "outputs">;
}

/** What is told of each Output, as if it were the only one. */
function judgements(evaluation: Evaluation, run: Run): Judgement[] {
  const { split, rows, outputs = [] } = evaluation;
  if (outputs.length === 0) {
    const target = run.recipe.target ?? "the target";
    return [{ name: null, target, judged: evaluation, asked: run }];
  }
  return outputs.map(({ node, target, ...judged }) => ({
    name: node,
    target,
    judged: { ...judged, split, rows },
    asked: {
      recipe: { ...run.recipe, loss: run.outputs?.find((each) => each.node === node)?.loss },
      outputs: [],
    },
  }));
}

function partsOf(run: Run): { value: Split; label: string; disabled?: boolean }[] {
  const split = run.recipe.split;
  return [
    { value: "test", label: "Test", disabled: (split?.test ?? 0) === 0 },
    { value: "validation", label: "Validation", disabled: (split?.validation ?? 0) === 0 },
    { value: "train", label: "Training" },
  ];
}

function Headline({
  evaluation,
  target,
  dataset,
}: {
  evaluation: Evaluation;
  target: string;
  dataset: Parameters<typeof verdict>[2];
}) {
  const { headline, comparison, better } = verdict(evaluation, target, dataset);
  const Icon = better === false ? TriangleAlert : CircleCheck;
  return (
    <div className="flex gap-2.5" data-testid="verdict">
      <Icon
        aria-hidden="true"
        className={cx("mt-0.5 size-5 shrink-0", better === false ? "text-warn" : "text-ok")}
      />
      <p className="text-lg leading-snug">
        <b className="font-semibold">{headline}</b>{" "}
        {comparison && <span className="text-ink-2">{comparison}</span>}
        {better === false && (
          <span className="block text-sm text-warn">
            It has learned nothing that helps: train longer, change the learning rate, or look
            whether the inputs can tell the target at all.
          </span>
        )}
      </p>
    </div>
  );
}

/** Every metric beside the baseline's, and per class or label where there are some. */
function Numbers({
  evaluation,
  asked,
  catalog,
}: {
  evaluation: Evaluation;
  asked: Judgement["asked"];
  catalog: Catalog | undefined;
}) {
  const perClass = evaluation.per_class ?? [];
  const last = evaluation.persistence;
  return (
    <div className="grid gap-4">
      <table className="text-xs tabular-nums">
        <thead className="text-ink-3">
          <tr>
            <th scope="col" className="pr-6 pb-1 text-left font-medium">
              Measure
            </th>
            <th scope="col" className="pr-6 pb-1 text-right font-medium">
              This model
            </th>
            <th scope="col" className="pb-1 text-right font-medium">
              {last ? "Always the mean" : "Baseline"}
            </th>
            {last && (
              <th scope="col" className="pb-1 pl-6 text-right font-medium">
                Always the last value
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {Object.entries(evaluation.metrics).map(([name, value]) => {
            const info = metricInfo(name, catalog, asked);
            return (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-1 pr-6 text-left font-normal">
                  {info.title}
                </th>
                <td className="py-1 pr-6 text-right font-semibold">{info.format(value)}</td>
                <td className="py-1 text-right text-ink-2">
                  {info.format(evaluation.baseline[name])}
                </td>
                {last && (
                  <td className="py-1 pl-6 text-right text-ink-2">{info.format(last[name])}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {perClass.length > 0 && <PerClass perClass={perClass} labels={!evaluation.confusion} />}
    </div>
  );
}
