/** The inspector's Data tab: which data, what to predict, from what, and how it is divided. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowUpRight, Database, Plus, Upload } from "lucide-react";
import { useId } from "react";
import { Link } from "wouter";
import type { Dataset, Description, Fix, Proposal, Recipe } from "../../api";
import { addSample } from "../../api/begin";
import { datasetQuery, datasetsQuery, samplesQuery } from "../../api/queries";
import {
  Button,
  buttonClass,
  EmptyState,
  ErrorNotice,
  formatPlural,
  Menu,
  Progress,
  Select,
  Skeleton,
  Tooltip,
  toast,
} from "../../ui";
import { severalOutputs } from "../outputs";
import { choose, inEffect } from "./choices";
import { InputsField } from "./InputsField";
import { OutputsNote } from "./OutputsNote";
import { ApplyFix } from "./ProblemNote";
import { fixedRecipe, recipeProblems } from "./problems";
import { fieldsOf, RecipeField } from "./RecipeField";
import { reasonFor } from "./reasons";
import { SequenceField, stepsOf } from "./SequenceField";
import { SplitField } from "./SplitField";
import { labelledRows } from "./split";
import { problemInWords } from "./words";

export interface DataPanelProps {
  datasetId: string | null;
  /** Only what the user has chosen; what is absent is proposed. */
  recipe: Recipe;
  proposal: Proposal | undefined;
  onDataset(id: string | null): void;
  onChange(recipe: Recipe): void;
  /** Why there is no proposal: what the server refused. */
  error?: unknown;
}

const NONE = "none";

export function DataPanel(props: DataPanelProps) {
  const { datasetId, recipe, proposal, onDataset, onChange, error } = props;
  const id = useId();
  const datasets = useQuery(datasetsQuery());
  const dataset = useQuery({ ...datasetQuery(datasetId ?? ""), enabled: datasetId !== null });
  const ready = (datasets.data ?? []).filter(
    (each) => each.state === "ready" || each.id === datasetId,
  );

  return (
    <div className="grid content-start gap-5 p-4">
      <div className="grid gap-1.5">
        <label htmlFor={id} className="font-[550]">
          Dataset
        </label>
        <div className="flex gap-1.5">
          <span className="min-w-0 flex-1">
            <Select
              id={id}
              value={datasetId ?? NONE}
              placeholder={datasets.isPending ? "Loading …" : undefined}
              onChange={(next) => {
                onDataset(next === NONE ? null : next);
              }}
              options={[
                { value: NONE, label: "None" },
                ...ready.map((each) => ({
                  value: each.id,
                  label: each.name,
                  hint: each.rows === null ? each.state : formatPlural(each.rows, nounOf(each)),
                })),
              ]}
            />
          </span>
          {datasetId !== null && (
            <Tooltip content="Look at the data">
              <Link
                href={`/datasets/${datasetId}`}
                aria-label="Look at the data"
                className={buttonClass("secondary", "md", "w-8.5 px-0!")}
              >
                <ArrowUpRight aria-hidden="true" />
              </Link>
            </Tooltip>
          )}
        </div>
        <div className="flex flex-wrap gap-1.5">
          <AddSample onDataset={onDataset} />
          <Link href="/datasets" className={buttonClass("secondary", "sm")}>
            <Upload aria-hidden="true" /> Upload
          </Link>
        </div>
      </div>
      {datasetId === null ? (
        <EmptyState icon={<Database />} title="Choose what to learn from">
          A sample is ready at once. With data chosen, the input's shape, the output layer and a
          recipe are proposed.
        </EmptyState>
      ) : dataset.isError ? (
        <ErrorNotice error={dataset.error} onRetry={() => void dataset.refetch()} />
      ) : dataset.data?.state === "ingesting" ? (
        <Progress value={dataset.data.progress ?? null} label="Reading the data" />
      ) : dataset.data?.description ? (
        <Problem
          description={dataset.data.description}
          recipe={recipe}
          proposal={proposal}
          onChange={onChange}
          error={error}
        />
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
    </div>
  );
}

function nounOf(dataset: Pick<Dataset, "kind">): string {
  return dataset.kind === "images" ? "image" : "row";
}

/** Data that ships with the app, one choice away. */
function AddSample({ onDataset }: { onDataset(id: string): void }) {
  const queries = useQueryClient();
  const samples = useQuery(samplesQuery());
  const adding = useMutation({
    mutationFn: addSample,
    onSuccess: (added) => {
      void queries.invalidateQueries({ queryKey: ["datasets"] });
      onDataset(added.id);
    },
    onError: (error) =>
      toast({ title: "The sample was not added", description: error.message, tone: "bad" }),
  });
  return (
    <Menu
      align="start"
      trigger={
        <Button size="sm" icon={<Plus />} loading={adding.isPending}>
          Add a sample
        </Button>
      }
      items={(samples.data ?? []).map((sample) => ({
        label: sample.title,
        onSelect: () => adding.mutate(sample.slug),
      }))}
    />
  );
}

interface ProblemProps {
  description: Description;
  recipe: Recipe;
  proposal: Proposal | undefined;
  onChange(recipe: Recipe): void;
  error: unknown;
}

/** Kinds of columns that can be predicted. */
const KINDS = new Set(["number", "integer", "boolean", "category"]);
const FIELDS = new Set(["target", "inputs", "sequence", "split", "task"]);

/** Target, inputs and split of a dataset that is ready. */
function Problem({ description, recipe, proposal, onChange, error }: ProblemProps) {
  const id = useId();
  const shown = inEffect(recipe, proposal?.recipe);
  const target = shown.target ?? description.problem?.target ?? null;
  const steps = stepsOf(shown.sequence);
  const problems = recipeProblems(error);
  const reason = (field: keyof Recipe) => reasonFor(proposal?.reasons, field);
  const common = fieldsOf({ recipe, reason, problems, onChange });
  const outputs = severalOutputs(proposal?.outputs);
  const words = outputs.length > 0 ? null : problemInWords(description, { ...shown, target });
  const targets = new Set(outputs.length > 0 ? outputs.map((one) => one.target) : [target]);
  const columns = (description.columns ?? []).filter((column) => KINDS.has(column.kind));
  const enter = (description.columns ?? []).filter(
    (column) =>
      KINDS.has(column.kind) ||
      column.kind === "text" ||
      (column.kind === "date" && column.date_format != null),
  );
  const elsewhere = error != null && !problems.some(({ path }) => FIELDS.has(String(path[0])));

  const applyFix = (fix: Fix) => {
    const fixed = fixedRecipe(recipe, fix);
    if (fixed !== null) onChange(fixed);
  };

  return (
    <ApplyFix value={applyFix}>
      {elsewhere && <ErrorNotice error={error} />}
      {words && <p className="rounded-lg bg-accent-soft px-3 py-2.5 text-ink">{words}</p>}
      {description.kind === "table" && (
        <>
          {outputs.length > 0 ? (
            <OutputsNote outputs={outputs} />
          ) : (
            <RecipeField label="Target" htmlFor={`${id}target`} {...common("target")}>
              <Select
                id={`${id}target`}
                value={target ?? undefined}
                placeholder="Choose what to predict …"
                onChange={(next) => {
                  // Inputs, loss and metrics chosen for another target would not fit this one.
                  const { inputs: _, loss: __, metrics: ___, task: ____, ...rest } = recipe;
                  onChange({ ...rest, target: next });
                }}
                options={columns.map((column) => ({
                  value: column.name,
                  label: column.name,
                  hint: column.categories
                    ? formatPlural(column.categories.length, "class", "classes")
                    : column.kind,
                }))}
              />
            </RecipeField>
          )}
          <SequenceField
            {...common("sequence")}
            sequence={shown.sequence}
            columns={description.columns ?? []}
            onChange={(sequence) => {
              // A split chosen for other examples may not suit these.
              const { split: _, ...rest } = recipe;
              onChange(choose(rest, "sequence", sequence ?? null));
            }}
          />
          <InputsField
            {...common("inputs")}
            columns={enter.filter(
              // Of a forecast, what the target was before is an input like any other.
              (column) => (steps?.kind ?? "groups") === "windows" || !targets.has(column.name),
            )}
            inputs={shown.inputs ?? null}
            onChange={(inputs) => onChange(choose(recipe, "inputs", inputs))}
          />
        </>
      )}
      <SplitField
        {...common("split")}
        split={shown.split ?? {}}
        rows={labelledRows(description, target)}
        columns={(description.columns ?? []).filter(({ name }) => !targets.has(name))}
        given={description.split != null}
        noun={description.kind === "images" ? "images" : "rows"}
        steps={steps?.kind ?? null}
        classes={shown.task === "classification"}
        onChange={(split) => onChange(choose(recipe, "split", split))}
      />
    </ApplyFix>
  );
}
