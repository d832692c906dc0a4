/** Asks for another name. */
import { type FormEvent, useEffect, useId, useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ErrorNotice } from "./ErrorNotice";
import { Input } from "./Input";

export interface RenameDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** What is renamed: "network", "dataset". */
  what: string;
  name: string;
  onRename: (name: string) => void;
  loading?: boolean;
  error?: unknown;
}

export function RenameDialog({
  open,
  onOpenChange,
  what,
  name,
  onRename,
  loading = false,
  error,
}: RenameDialogProps) {
  const form = useId();
  const [draft, setDraft] = useState(name);
  useEffect(() => {
    if (open) setDraft(name);
  }, [open, name]);
  const wanted = draft.trim();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted && !loading) onRename(wanted);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Rename ${what}`}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} loading={loading} disabled={!wanted}>
            Rename
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="grid gap-3 pt-1">
        <Input
          aria-label="Name"
          value={draft}
          maxLength={200}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setDraft(event.target.value)}
        />
        {error ? <ErrorNotice error={error} /> : null}
      </form>
    </Dialog>
  );
}
