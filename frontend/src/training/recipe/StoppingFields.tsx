/** When training ends: after so many epochs, when nothing gets better, when steps become tiny. */
import { useId } from "react";
import type { EarlyStopping } from "../../api";
import { NumberInput, Select, Switch } from "../../ui";
import { choose, stoppingRule } from "./choices";
import { fieldsOf, RecipeField, type RecipePart } from "./RecipeField";

const USUAL_PATIENCE = 10;
const MOST_PATIENCE = 100_000;

export interface StoppingFieldsProps extends RecipePart {
  /** What may be watched, by its name in a run. */
  values: readonly { value: string; label: string }[];
}

export function StoppingFields(props: StoppingFieldsProps) {
  const { recipe, shown, values, onChange } = props;
  const id = useId();
  const early = stoppingRule(shown);
  const watches = early?.monitor ?? "val_loss";
  const validated = shown.split?.validation !== 0;
  const set = (change: Partial<EarlyStopping>) =>
    onChange(choose(recipe, "early_stopping", { ...early, ...change }));
  const common = fieldsOf(props);
  return (
    <>
      <RecipeField label="Epochs" htmlFor={`${id}epochs`} {...common("epochs")}>
        <NumberInput
          id={`${id}epochs`}
          min={1}
          max={1_000_000}
          value={shown.epochs ?? null}
          onChange={(value) => onChange(choose(recipe, "epochs", value))}
        />
      </RecipeField>
      <RecipeField label="Most steps" htmlFor={`${id}steps`} {...common("max_steps")}>
        <NumberInput
          id={`${id}steps`}
          min={1}
          max={1_000_000_000}
          placeholder="not limited"
          value={shown.max_steps ?? null}
          onChange={(value) => onChange(choose(recipe, "max_steps", value))}
        />
        <p className="text-xs text-ink-3">Stops after so many steps, even within an epoch.</p>
      </RecipeField>
      <RecipeField label="Most seconds" htmlFor={`${id}seconds`} {...common("max_seconds")}>
        <NumberInput
          id={`${id}seconds`}
          min={1}
          max={100_000_000}
          placeholder="not limited"
          value={shown.max_seconds ?? null}
          onChange={(value) => onChange(choose(recipe, "max_seconds", value))}
        />
      </RecipeField>
      {validated && (
        <RecipeField label="Validate every" htmlFor={`${id}every`} {...common("validate_every")}>
          <NumberInput
            id={`${id}every`}
            unit="steps"
            min={1}
            max={1_000_000_000}
            placeholder="after each epoch"
            value={shown.validate_every ?? null}
            onChange={(value) => onChange(choose(recipe, "validate_every", value))}
          />
          <p className="text-xs text-ink-3">
            For long epochs: validates within them too, which early stopping then counts.
          </p>
        </RecipeField>
      )}
      <RecipeField label="Early stopping" htmlFor={`${id}early`} {...common("early_stopping")}>
        <div className="flex items-center gap-2">
          <Switch
            id={`${id}early`}
            checked={early !== null}
            onChange={(checked) =>
              checked
                ? set({ monitor: validated ? "val_loss" : "loss", patience: USUAL_PATIENCE })
                : onChange(choose(recipe, "early_stopping", "none"))
            }
          />
          <span className="text-xs text-ink-2">
            {early ? "Stops when nothing gets better" : "Trains to the last epoch"}
          </span>
        </div>
        {early && (
          <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-2 rounded-lg bg-sunken px-3 py-2.5 text-ink-2">
            <label htmlFor={`${id}monitor`}>Watches</label>
            <Select
              id={`${id}monitor`}
              value={watches}
              onChange={(monitor) => set({ monitor })}
              options={values}
            />
            <label htmlFor={`${id}patience`}>Waits</label>
            <NumberInput
              id={`${id}patience`}
              unit={shown.validate_every && watches.startsWith("val_") ? "validations" : "epochs"}
              min={1}
              max={MOST_PATIENCE}
              value={early.patience ?? USUAL_PATIENCE}
              onChange={(patience) => patience !== null && set({ patience })}
            />
            <label htmlFor={`${id}delta`}>Least change</label>
            <NumberInput
              id={`${id}delta`}
              min={0}
              step="any"
              value={early.min_delta ?? 0}
              onChange={(value) => set({ min_delta: value ?? 0 })}
            />
            <label htmlFor={`${id}best`}>Keep the best</label>
            <Switch
              id={`${id}best`}
              checked={early.restore_best ?? true}
              onChange={(restore_best) => set({ restore_best })}
            />
          </div>
        )}
      </RecipeField>
      <RecipeField label="Smallest step" htmlFor={`${id}tolerance`} {...common("tolerance")}>
        <NumberInput
          id={`${id}tolerance`}
          min={1e-12}
          step="any"
          placeholder="not used"
          value={shown.tolerance ?? null}
          onChange={(value) => onChange(choose(recipe, "tolerance", value))}
        />
        <p className="text-xs text-ink-3">
          Stops when no weight changes by more than this in a step.
        </p>
      </RecipeField>
    </>
  );
}
