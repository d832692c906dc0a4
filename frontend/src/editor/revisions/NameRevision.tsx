/** Asks for the name under which a revision is kept. */
import { type FormEvent, useId, useState } from "react";
import { Button, Dialog, formatDate, Input } from "../../ui";

export interface NameRevisionProps {
  onName(name: string): void;
  onClose(): void;
}

export function NameRevision({ onName, onClose }: NameRevisionProps) {
  const form = useId();
  const [name, setName] = useState(() => `As of ${formatDate(new Date().toISOString())}`);
  const wanted = name.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted) onName(wanted);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Save a revision"
      description="Every change is saved by itself. A revision with a name is easy to find again."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={!wanted}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="pt-1">
        <Input
          aria-label="Name of the revision"
          value={name}
          maxLength={200}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
