/** Cross-validation: the same training once for each fold of the rows. */
import { Layers3 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button, Dialog, NumberInput, Tooltip } from "../ui";

const USUAL = 5;

export interface FoldsButtonProps {
  starting: boolean;
  onStart(folds: number): void;
}

/** Asks how many folds, and starts a run for each. */
export function FoldsButton({ starting, onStart }: FoldsButtonProps) {
  const form = useId();
  const [open, setOpen] = useState(false);
  const [folds, setFolds] = useState<number | null>(USUAL);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (folds === null) return;
    setOpen(false);
    onStart(folds);
  };
  return (
    <>
      <Tooltip content="Trains once for each fold of the rows, to see how much the result varies.">
        <Button size="sm" icon={<Layers3 />} loading={starting} onClick={() => setOpen(true)}>
          <span className="@max-4xl:sr-only">Cross-validate</span>
        </Button>
      </Tooltip>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Cross-validate"
        description="The rows that are not kept for the test are dealt into folds. Each fold validates once, while the others train: the mean over the folds says how good the network is, their spread how sure that is."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={form} disabled={folds === null}>
              {folds === null ? "Train" : `Train ${folds} times`}
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} className="grid gap-1.5 pt-1">
          <span>Folds, from 2 to 20</span>
          <NumberInput aria-label="Folds" min={2} max={20} value={folds} onChange={setFolds} />
        </form>
      </Dialog>
    </>
  );
}
