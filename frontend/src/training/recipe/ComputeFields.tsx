/** Where a run computes, how exactly, and how much memory it may take. */
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { Recipe } from "../../api";
import { healthQuery } from "../../api/queries";
import { NumberInput, Select, Switch } from "../../ui";
import { choose } from "./choices";
import { fieldsOf, RecipeField, type RecipePart } from "./RecipeField";

const PRECISIONS = [
  { value: "auto", label: "As the device gains", hint: "half precision on a GPU that has it" },
  { value: "float32", label: "float32", hint: "single precision" },
  { value: "bfloat16", label: "bfloat16", hint: "half precision, the range of float32" },
  { value: "float16", label: "float16", hint: "half precision, CUDA only" },
];

export function ComputeFields(props: RecipePart) {
  const { recipe, shown, onChange } = props;
  const id = useId();
  const devices = useQuery(healthQuery()).data?.devices ?? [];
  const set = <Field extends keyof Recipe>(field: Field, value: Recipe[Field] | null) =>
    onChange(choose(recipe, field, value));
  const common = fieldsOf(props);
  return (
    <>
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
      <RecipeField label="Precision" htmlFor={`${id}precision`} {...common("precision")}>
        <Select
          id={`${id}precision`}
          value={shown.precision ?? "auto"}
          onChange={(value) => set("precision", value as Recipe["precision"])}
          options={PRECISIONS}
        />
      </RecipeField>
      <RecipeField label="Deterministic" htmlFor={`${id}same`} {...common("deterministic")}>
        <div className="flex items-center gap-2">
          <Switch
            id={`${id}same`}
            checked={shown.deterministic ?? false}
            onChange={(checked) => set("deterministic", checked || null)}
          />
          <span className="text-xs text-ink-2">
            {shown.deterministic
              ? "The same weights bit for bit every time, on one thread: slower"
              : "As fast as can be; sums may be rounded otherwise on another day"}
          </span>
        </div>
      </RecipeField>
      <RecipeField label="Most memory" htmlFor={`${id}memory`} {...common("max_memory")}>
        <NumberInput
          id={`${id}memory`}
          unit="MB"
          min={1}
          max={100_000_000}
          placeholder="not limited"
          value={shown.max_memory ?? null}
          onChange={(value) => set("max_memory", value)}
        />
        <p className="text-xs text-ink-3">
          A run that cannot fit is refused, one that takes more is ended. About 300 MB are the
          program's own.
        </p>
      </RecipeField>
    </>
  );
}
