/** Asks for the name under which a revision is kept. */
import { useState } from "react";
import { formatDate, NameDialog } from "../../ui";

export interface NameRevisionProps {
  onName(name: string): void;
  onClose(): void;
}

export function NameRevision({ onName, onClose }: NameRevisionProps) {
  const [proposed] = useState(() => `As of ${formatDate(new Date().toISOString())}`);
  return (
    <NameDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Save a revision"
      description="Every change is saved by itself. A revision with a name is easy to find again."
      label="Name of the revision"
      name={proposed}
      action="Save"
      onName={onName}
    />
  );
}
