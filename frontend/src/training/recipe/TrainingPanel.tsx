/** The inspector's Training tab: the recipe, every value with why it is proposed. */
import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { useId } from "react";
import type { Catalog, Proposal, Recipe } from "../../api";
import { healthQuery } from "../../api/queries";
import { EmptyState, ErrorNotice, NumberInput, Segmented, Select, Switch } from "../../ui";
import { BatchField } from "./BatchField";
import { choose, inEffect, isChosen } from "./choices";
import { ObjectiveField } from "./ObjectiveField";
import { problemOf, recipeProblems } from "./problems";
import { RecipeField } from "./RecipeField";
import { reasonFor } from "./reasons";
import { StoppingFields } from "./StoppingFields";

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

const FIELDS = new Set(["loss", "optimizer", "batch_size", "epochs", "early_stopping"]);

export function TrainingPanel(props: TrainingPanelProps) {
  const { datasetId, recipe, proposal, catalog, onChange, error } = props;
  const id = useId();
  const devices = useQuery(healthQuery()).data?.devices ?? [];
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
  const problems = recipeProblems(error);
  const reason = (field: keyof Recipe) => reasonFor(proposal?.reasons, field);
  const set = <Field extends keyof Recipe>(field: Field, value: Recipe[Field] | null) =>
    onChange(choose(recipe, field, value));
  const common = (field: keyof Recipe) => ({
    reason: reason(field),
    changed: isChosen(recipe, field),
    onReset: () => set(field, null),
    error: problemOf(problems, field),
  });
  const elsewhere = error != null && !problems.some(({ path }) => FIELDS.has(String(path[0])));

  return (
    <div className="grid content-start gap-5 p-4">
      {elsewhere && <ErrorNotice error={error} />}
      <ObjectiveField
        label="Loss"
        field="loss"
        types={catalog.losses}
        task={task}
        chosen={recipe.loss}
        shown={shown.loss}
        reason={reason("loss")}
        problems={problems}
        onChange={(value) => set("loss", value)}
      />
      <ObjectiveField
        label="Optimizer"
        field="optimizer"
        types={catalog.optimizers}
        task={task}
        chosen={recipe.optimizer}
        shown={shown.optimizer}
        reason={reason("optimizer")}
        problems={problems}
        onChange={(value) => set("optimizer", value)}
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
        onChange={onChange}
      />
      <RecipeField label="Metrics" {...common("metrics")}>
        <div className="grid gap-1.5">
          {catalog.metrics
            .filter((metric) => !metric.tasks || !task || metric.tasks.includes(task))
            .map((metric) => (
              <div key={metric.type} className="flex items-start gap-2.5">
                <Switch
                  id={`${id}${metric.type}`}
                  checked={shown.metrics?.includes(metric.type) ?? false}
                  onChange={(checked) => {
                    const others = (shown.metrics ?? []).filter((name) => name !== metric.type);
                    set("metrics", checked ? [...others, metric.type] : others);
                  }}
                />
                <label htmlFor={`${id}${metric.type}`}>
                  {metric.title}
                  <span className="block text-xs text-ink-3">{metric.summary}</span>
                </label>
              </div>
            ))}
        </div>
      </RecipeField>
      {task === "regression" && (
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
      <RecipeField label="Device" htmlFor={`${id}device`} {...common("device")}>
        <Select
          id={`${id}device`}
          value={shown.device ?? "auto"}
          onChange={(value) => set("device", value as Recipe["device"])}
          options={[
            { value: "auto", label: "The fastest there is" },
            ...devices.map((device) => ({
              value: device.type,
              label: device.type.toUpperCase(),
              hint: device.name,
            })),
          ]}
        />
      </RecipeField>
    </div>
  );
}
