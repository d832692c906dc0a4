/** Every value a run was trained with, and why it has it. */
import type { Catalog, Objective, Recipe, Run } from "../../api";
import { formatNumber, formatPercent } from "../../ui";
import { lossInWords, type RunOutput, severalOutputs } from "../outputs";
import { stoppingRule } from "./choices";
import { metricLabels, metricTitle } from "./metrics";
import { reasonFor } from "./reasons";

interface Entry {
  field: keyof Recipe;
  title: string;
  value: string | null;
}

export function RecipeInFull({ run, catalog }: { run: Run; catalog: Catalog | undefined }) {
  return (
    <table className="w-full max-w-5xl">
      <caption className="sr-only">The recipe of run {run.number} in full</caption>
      <thead className="text-left text-xs text-ink-3">
        <tr>
          <th scope="col" className="w-44 py-1.5 pr-4 font-medium">
            Setting
          </th>
          <th scope="col" className="py-1.5 pr-4 font-medium">
            Value
          </th>
          <th scope="col" className="py-1.5 font-medium">
            Why
          </th>
        </tr>
      </thead>
      <tbody>
        {entries(run, catalog).map(({ field, title, value }) => (
          <tr key={field} className="border-t border-line align-top">
            <th scope="row" className="py-1.5 pr-4 text-left font-normal text-ink-2">
              {title}
            </th>
            <td className="py-1.5 pr-4 break-words">{value ?? "not used"}</td>
            <td className="py-1.5 text-ink-2">
              {reasonFor(run.reasons, field) ?? (value === null ? "" : "Chosen by you")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function entries(run: Run, catalog: Catalog | undefined): Entry[] {
  const { recipe } = run;
  const { split } = recipe;
  const outputs = severalOutputs(run.outputs);
  const each = (told: (output: RunOutput) => string) =>
    outputs.length > 0 ? outputs.map((one) => `${one.node}: ${told(one)}`).join("; ") : null;
  const early = stoppingRule(recipe);
  const types = catalog?.metrics ?? [];
  const metrics = metricLabels(recipe, types).map((label) => metricTitle(label, types));
  return [
    { field: "task", title: "Task", value: each((one) => one.task) ?? recipe.task ?? null },
    { field: "target", title: "Target", value: each((one) => one.target) ?? recipe.target ?? null },
    { field: "inputs", title: "Inputs", value: recipe.inputs?.join(", ") ?? "all images" },
    { field: "sequence", title: "One example is", value: sequence(recipe.sequence) },
    {
      field: "split",
      title: "Split",
      value: split
        ? `${formatPercent(split.validation, 0)} validation, ${formatPercent(split.test, 0)} test, seed ${split.seed}${split.stratify ? ", stratified" : ""}${order(split)}`
        : null,
    },
    {
      field: "loss",
      title: "Loss",
      value: each((one) => lossInWords(one, catalog)) ?? objective(recipe.loss, catalog?.losses),
    },
    {
      field: "optimizer",
      title: "Optimizer",
      value: objective(recipe.optimizer, catalog?.optimizers),
    },
    { field: "schedule", title: "Schedule", value: objective(recipe.schedule, catalog?.schedules) },
    { field: "metrics", title: "Metrics", value: metrics.join(", ") || null },
    {
      field: "augmentation",
      title: "Augmentation",
      value:
        recipe.augmentation
          ?.map((entry) => objective(entry, catalog?.augmentations))
          .join("; then ") || null,
    },
    {
      field: "batch_size",
      title: "Batch size",
      value: recipe.batch_size === "all" ? "all rows" : text(recipe.batch_size),
    },
    { field: "epochs", title: "Epochs", value: text(recipe.epochs) },
    { field: "max_steps", title: "Most steps", value: text(recipe.max_steps) },
    { field: "max_seconds", title: "Most seconds", value: text(recipe.max_seconds) },
    {
      field: "early_stopping",
      title: "Early stopping",
      value: early
        ? `when ${watched(early.monitor)} has not got better for ${early.patience} ${recipe.validate_every && early.monitor?.startsWith("val_") ? "validations" : "epochs"}${early.restore_best ? ", keeping the best weights" : ""}`
        : null,
    },
    {
      field: "validate_every",
      title: "Validation",
      value: recipe.validate_every
        ? `after every ${formatNumber(recipe.validate_every, 9)} steps, and each epoch`
        : "after each epoch",
    },
    { field: "tolerance", title: "Tolerance", value: text(recipe.tolerance) },
    { field: "clip_norm", title: "Largest gradient norm", value: text(recipe.clip_norm) },
    { field: "class_weight", title: "Class weights", value: weights(recipe.class_weight) },
    { field: "sample_weight", title: "Weights of the rows", value: recipe.sample_weight ?? null },
    { field: "target_scaling", title: "Target scaling", value: recipe.target_scaling ?? null },
    { field: "seed", title: "Seed", value: text(recipe.seed) },
    { field: "device", title: "Device", value: recipe.device ?? null },
    { field: "precision", title: "Precision", value: recipe.precision ?? null },
    {
      field: "deterministic",
      title: "Deterministic",
      value: recipe.deterministic ? "the same weights bit for bit every time" : null,
    },
    {
      field: "max_memory",
      title: "Most memory",
      value: recipe.max_memory ? `${formatNumber(recipe.max_memory, 9)} MB` : null,
    },
  ];
}

function text(value: number | string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "number" ? formatNumber(value, 6) : value;
}

/** "the validation loss" for "val_loss" */
function watched(monitor: string | undefined): string {
  const [part, name = "loss"] = monitor?.startsWith("val_")
    ? ["validation", monitor.slice(4)]
    : ["training", monitor];
  return `the ${part} ${name.replaceAll("_", " ")}`;
}

/** "Adam: learning_rate 0.001, beta_1 0.9 …" */
function objective(
  chosen: Objective | null | undefined,
  known: Catalog["losses"] | undefined,
): string | null {
  if (!chosen) return null;
  const { type, ...params } = chosen;
  const title = known?.find((entry) => entry.type === type)?.title ?? type;
  const values = Object.entries(params)
    .filter(([, value]) => value !== null && value !== false)
    .map(
      ([name, value]) => `${name} ${typeof value === "number" ? formatNumber(value, 6) : value}`,
    );
  return values.length > 0 ? `${title}: ${values.join(", ")}` : title;
}

function order({ by, shuffle }: NonNullable<Recipe["split"]>): string {
  if (by === "time") return ", in order of time";
  return shuffle ? ", shuffled" : ", in file order";
}

function sequence(value: Recipe["sequence"]): string | null {
  if (!value || value === "none") return "a row";
  const rows = `${text(value.window)} rows`;
  const places = [
    value.time && `in order of ${value.time}`,
    value.group && `by ${value.group}`,
  ].filter(Boolean);
  const horizon = value.horizon ?? 1;
  const stride = value.stride ?? 1;
  const what =
    value.kind === "groups"
      ? `a group, filled up or cut to ${rows}`
      : `a window of ${rows} to predict ${horizon === 1 ? "the next" : `the row ${horizon} after it`}${stride > 1 ? `, one every ${stride} rows` : ""}`;
  return [what, ...places].join(", ");
}

function weights(value: Recipe["class_weight"]): string | null {
  if (value === null || value === undefined) return null;
  if (value === "balanced") return "balanced";
  return Object.entries(value)
    .map(([name, weight]) => `${name} ${formatNumber(weight)}`)
    .join(", ");
}
