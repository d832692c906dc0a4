/** The inspector's Training tab: the recipe, every value with why it is proposed. */
import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { useId, useState } from "react";
import type { Catalog, Description, Fix, Proposal, Recipe } from "../../api";
import { datasetQuery } from "../../api/queries";
import { EmptyState, ErrorNotice, NumberInput, Segmented } from "../../ui";
import { severalOutputs } from "../outputs";
import { AugmentationField } from "./AugmentationField";
import { BatchField } from "./BatchField";
import { ComputeFields } from "./ComputeFields";
import { choose, classesOf, inEffect, isChosen, suits } from "./choices";
import { MetricsField } from "./MetricsField";
import { watchable } from "./metrics";
import { ObjectiveField } from "./ObjectiveField";
import { OutputsNote } from "./OutputsNote";
import { ApplyFix } from "./ProblemNote";
import { fixedRecipe, problemOf, recipeProblems } from "./problems";
import { fieldsOf, RecipeField } from "./RecipeField";
import { reasonFor } from "./reasons";
import { StoppingFields } from "./StoppingFields";
import { ClassWeightField, classesToWeigh, RowWeightField } from "./WeightsFields";

export interface TrainingPanelProps {
  datasetId: string | null;
  /** Only what the user has chosen; what is absent is proposed. */
  recipe: Recipe;
  proposal: Proposal | undefined;
  catalog: Catalog;
  onChange(recipe: Recipe): void;
  /** Why there is no proposal: what the server refused. */
  error?: unknown;
}

const FIELDS = new Set([
  ...["loss", "optimizer", "schedule", "metrics", "batch_size"],
  ...[
    "epochs",
    "max_steps",
    "max_seconds",
    "early_stopping",
    "validate_every",
    "tolerance",
    "class_weight",
    "sample_weight",
    "target_scaling",
    "augmentation",
    "precision",
    "deterministic",
    "max_memory",
  ],
]);

export function TrainingPanel(props: TrainingPanelProps) {
  const { datasetId, recipe, catalog, onChange, error } = props;
  const proposal = useLast(props.proposal, datasetId);
  const id = useId();
  const dataset = useQuery({ ...datasetQuery(datasetId ?? ""), enabled: datasetId !== null });
  if (datasetId === null) {
    return (
      <div className="p-4">
        <EmptyState icon={<Database />} title="No dataset yet">
          Choose one under Data. A loss, an optimizer, a batch size and all else are then proposed,
          each with its reason.
        </EmptyState>
      </div>
    );
  }
  const shown = inEffect(recipe, proposal?.recipe);
  const task = proposal?.task ?? shown.task;
  const classes = classesOf(dataset.data?.description, shown.target);
  const outputs = severalOutputs(proposal?.outputs);
  const metrics = catalog.metrics.filter((type) =>
    outputs.length > 0
      ? outputs.some((one) => suits(type, one.task, one.classes?.length ?? null))
      : suits(type, task, classes),
  );
  const values = watchable(shown, metrics, outputs);
  const scaled =
    outputs.length > 0 ? outputs.some((one) => one.task === "regression") : task === "regression";
  const problems = recipeProblems(error);
  const reason = (field: keyof Recipe) => reasonFor(proposal?.reasons, field);
  const set = <Field extends keyof Recipe>(field: Field, value: Recipe[Field] | null) =>
    onChange(choose(recipe, field, value));
  const common = fieldsOf({ recipe, reason, problems, onChange });
  const elsewhere = error != null && !problems.some(({ path }) => FIELDS.has(String(path[0])));

  const applyFix = (fix: Fix) => {
    const fixed = fixedRecipe(recipe, fix);
    if (fixed) onChange(fixed);
  };

  return (
    <ApplyFix value={applyFix}>
      <div className="grid content-start gap-5 p-4">
        {elsewhere && <ErrorNotice error={error} />}
        {outputs.length > 0 ? (
          <OutputsNote outputs={outputs} catalog={catalog} />
        ) : (
          <ObjectiveField
            label="Loss"
            field="loss"
            types={catalog.losses.filter((type) => suits(type, task, classes))}
            chosen={recipe.loss}
            shown={shown.loss}
            reason={reason("loss")}
            problems={problems}
            onChange={(value) => set("loss", value)}
          />
        )}
        <ObjectiveField
          label="Optimizer"
          field="optimizer"
          types={catalog.optimizers}
          chosen={recipe.optimizer}
          shown={shown.optimizer}
          reason={reason("optimizer")}
          problems={problems}
          onChange={(value) => set("optimizer", value)}
        />
        <ObjectiveField
          label="Learning rate over time"
          field="schedule"
          types={catalog.schedules}
          chosen={recipe.schedule}
          shown={shown.schedule}
          reason={reason("schedule")}
          problems={problems}
          lists={{ values: values.map(({ value, label }) => ({ type: value, summary: label })) }}
          none="Stays as it is"
          onChange={(value) => set("schedule", value)}
        />
        <BatchField
          {...common("batch_size")}
          value={shown.batch_size}
          proposed={proposal?.recipe.batch_size}
          onChange={(value) => set("batch_size", value)}
        />
        <StoppingFields
          recipe={recipe}
          shown={shown}
          reason={reason}
          problems={problems}
          values={values}
          onChange={onChange}
        />
        {(dataset.data?.kind === "images" || (recipe.augmentation?.length ?? 0) > 0) && (
          <AugmentationField
            datasetId={datasetId}
            pixels={smallImages(dataset.data?.description)}
            types={catalog.augmentations}
            chosen={recipe.augmentation ?? []}
            changed={(recipe.augmentation?.length ?? 0) > 0}
            onReset={() => set("augmentation", null)}
            error={problemOf(problems, "augmentation")}
            problems={problems}
            onChange={(value) => set("augmentation", value.length > 0 ? value : null)}
          />
        )}
        <MetricsField
          types={metrics}
          chosen={shown.metrics ?? []}
          reason={reason("metrics")}
          changed={isChosen(recipe, "metrics")}
          onReset={() => set("metrics", null)}
          problems={problems}
          onChange={(value) => set("metrics", value)}
        />
        {outputs.length === 0 && task === "classification" && (
          <ClassWeightField
            {...common("class_weight")}
            classes={classesToWeigh(dataset.data?.description, shown.target)}
            value={shown.class_weight ?? null}
            onChange={(value) => set("class_weight", value)}
          />
        )}
        <RowWeightField
          {...common("sample_weight")}
          columns={dataset.data?.description?.columns ?? []}
          target={shown.target}
          value={recipe.sample_weight}
          onChange={(value) => set("sample_weight", value)}
        />
        {scaled && (
          <RecipeField label="Target scaling" {...common("target_scaling")}>
            <Segmented<"standard" | "none">
              label="Target scaling"
              value={shown.target_scaling ?? "standard"}
              onChange={(value) => set("target_scaling", value)}
              options={[
                { value: "standard", label: "Standardised" },
                { value: "none", label: "As it is" },
              ]}
            />
          </RecipeField>
        )}
        <RecipeField label="Seed" htmlFor={`${id}seed`} {...common("seed")}>
          <NumberInput
            id={`${id}seed`}
            min={0}
            max={2 ** 32 - 1}
            value={shown.seed ?? null}
            onChange={(value) => set("seed", value)}
          />
        </RecipeField>
        <ComputeFields
          recipe={recipe}
          shown={shown}
          reason={reason}
          problems={problems}
          onChange={onChange}
        />
      </div>
    </ApplyFix>
  );
}

/** Whether images are so small that each of their pixels is to be seen. */
function smallImages(description: Description | null | undefined): boolean {
  const { image } = description ?? {};
  return image ? Math.max(image.height, image.width) <= 64 : false;
}

/** The proposal, or the last one of the dataset while what is chosen is refused. */
function useLast(proposal: Proposal | undefined, datasetId: string | null): Proposal | undefined {
  const [last, setLast] = useState({ proposal, datasetId });
  if (proposal && proposal !== last.proposal) setLast({ proposal, datasetId });
  return proposal ?? (last.datasetId === datasetId ? last.proposal : undefined);
}
