/** Asks for a name. */
import { type FormEvent, useEffect, useId, useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ErrorNotice } from "./ErrorNotice";
import { Input } from "./Input";

export interface NameDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  /** What the field is called. */
  label?: string;
  /** What stands in it at first. */
  name: string;
  /** What the button says. */
  action: string;
  onName: (name: string) => void;
  loading?: boolean;
  error?: unknown;
}

export function NameDialog({
  open,
  onOpenChange,
  title,
  description,
  label = "Name",
  name,
  action,
  onName,
  loading = false,
  error,
}: NameDialogProps) {
  const form = useId();
  const [draft, setDraft] = useState(name);
  useEffect(() => {
    if (open) setDraft(name);
  }, [open, name]);
  const wanted = draft.trim();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted && !loading) onName(wanted);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} loading={loading} disabled={!wanted}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="grid gap-3 pt-1">
        <Input
          aria-label={label}
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
