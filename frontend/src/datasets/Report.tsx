/** What was skipped, converted or noticed, and why. */
import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { Note } from "../api";
import { Badge, Button, ErrorNotice, formatCount, Section } from "../ui";
import { useColumnChange } from "./useColumnChange";

/** What was skipped or converted while reading, what is odd about the data, and why. */
export function Report({ datasetId, notes }: { datasetId: string; notes: readonly Note[] }) {
  const change = useColumnChange(datasetId);
  if (!notes.length) {
    return (
      <p className="flex items-center gap-2 text-ink-2">
        <CircleCheck className="size-4 text-ok" aria-hidden="true" />
        Everything in the file was read as it stands; nothing was skipped or converted.
      </p>
    );
  }
  return (
    <Section title="What was skipped, converted or noticed">
      {change.error && (
        <div className="mb-3">
          <ErrorNotice error={change.error} title="The column was not changed" />
        </div>
      )}
      <Notes
        notes={notes}
        busy={change.isPending}
        onTake={({ name, role, kind }) => change.mutate([{ name, role, kind }])}
      />
    </Section>
  );
}

interface NotesProps {
  notes: readonly Note[];
  busy?: boolean;
  /** Makes the change that a note proposes; without it none is offered. */
  onTake?: (suggestion: NonNullable<Note["suggestion"]>) => void;
}

/** Notes as a list, warnings first. */
export function Notes({ notes, busy, onTake }: NotesProps) {
  const sorted = [...notes].sort(
    (a, b) => Number(b.severity === "warning") - Number(a.severity === "warning"),
  );
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel shadow-1">
      {sorted.map((note) => (
        <li key={`${note.code} ${note.message}`} className="flex gap-3 px-4 py-2.5">
          {note.severity === "warning" ? (
            <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-label="Warning" />
          ) : (
            <Info className="mt-0.5 size-4 shrink-0 text-ink-3" aria-label="Note" />
          )}
          <div className="min-w-0 flex-1">
            <p className="break-words">{note.message}</p>
            {(note.examples?.length ?? 0) > 0 && (
              <p className="mt-0.5 font-mono text-xs break-words text-ink-3">
                {note.examples?.join("  ·  ")}
              </p>
            )}
            {note.suggestion && onTake && (
              <Button
                size="sm"
                className="mt-1.5"
                disabled={busy}
                onClick={() => note.suggestion && onTake(note.suggestion)}
              >
                {note.suggestion.title}
              </Button>
            )}
          </div>
          {(note.count ?? 1) > 1 && <Badge>{formatCount(note.count)} ×</Badge>}
        </li>
      ))}
    </ul>
  );
}
