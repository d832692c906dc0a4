/** Changes the recipe of a run while it is at it: the learning rate, and what ends the training. */
import { SlidersHorizontal } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import type { RecipeChange, Run } from "../api";
import { Button, Dialog, Field, NumberInput, Tooltip } from "../ui";
import { stoppingRule } from "./recipe/choices";
import { useChangeRun } from "./useRunControl";

/** A button with the dialog that it opens. */
export function ChangeButton({ run, epoch }: { run: Run; epoch: number }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip content="Another learning rate, more epochs or more patience, from the next step on.">
        <Button size="sm" icon={<SlidersHorizontal />} onClick={() => setOpen(true)}>
          Change
        </Button>
      </Tooltip>
      {open && <ChangeDialog run={run} epoch={epoch} onClose={() => setOpen(false)} />}
    </>
  );
}

function ChangeDialog({ run, epoch, onClose }: { run: Run; epoch: number; onClose(): void }) {
  const id = useId();
  const change = useChangeRun(run.id);
  const rule = stoppingRule(run.recipe);
  const known = {
    rate: run.settings.learning_rate,
    epochs: run.epochs,
    patience: rule?.patience ?? null,
  };
  const [wanted, setWanted] = useState<Partial<typeof known>>({});
  const now = { ...known, ...wanted };
  const asked: RecipeChange = {};
  if (now.rate !== null && now.rate !== known.rate) asked.learning_rate = now.rate;
  if (now.epochs !== known.epochs) asked.epochs = now.epochs;
  if (rule && now.patience !== null && now.patience !== known.patience) {
    asked.early_stopping = { ...rule, patience: now.patience };
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(asked, { onSuccess: onClose });
  };
  const rate = now.rate !== null && now.rate > 0;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Change run ${run.number}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={`${id}form`}
            loading={change.isPending}
            disabled={Object.keys(asked).length === 0 || (known.rate !== null && !rate)}
          >
            Change
          </Button>
        </>
      }
    >
      <form id={`${id}form`} onSubmit={submit} className="grid gap-3 pt-1">
        <p className="text-ink-2">
          Counts from the next step on. The curves mark where, and the run keeps what was changed.
        </p>
        {known.rate !== null && (
          <Field
            label="Learning rate"
            htmlFor={`${id}rate`}
            changed={now.rate !== known.rate}
            hint={
              run.recipe.schedule
                ? "The schedule goes on from it, as if the run had begun with it."
                : undefined
            }
          >
            <NumberInput
              id={`${id}rate`}
              min={0}
              max={1e6}
              step="any"
              value={now.rate}
              onChange={(value) => setWanted({ ...wanted, rate: value })}
            />
          </Field>
        )}
        <Field label="Epochs in all" htmlFor={`${id}epochs`} changed={now.epochs !== known.epochs}>
          <NumberInput
            id={`${id}epochs`}
            min={Math.max(1, epoch)}
            max={1_000_000}
            value={now.epochs}
            onChange={(value) => setWanted({ ...wanted, epochs: value ?? known.epochs })}
          />
        </Field>
        {rule && (
          <Field
            label="Patience"
            htmlFor={`${id}patience`}
            changed={now.patience !== known.patience}
            hint={`Stops when ${rule.monitor} has not got better for so many epochs.`}
          >
            <NumberInput
              id={`${id}patience`}
              min={1}
              max={100_000}
              value={now.patience}
              onChange={(value) => setWanted({ ...wanted, patience: value })}
            />
          </Field>
        )}
      </form>
    </Dialog>
  );
}
