/** What was found, converted or skipped in a file. */
import { Info, TriangleAlert } from "lucide-react";
import type { Note } from "../../api";

const NAMED = 3;

export function FileNotes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="grid gap-1 text-xs text-ink-2" aria-label="What was found in the file">
      {notes.map(({ code, severity, message, examples = [] }) => (
        <li key={code} className="flex gap-2">
          {severity === "warning" ? (
            <TriangleAlert className="mt-0.5 size-3.5 shrink-0 text-warn" aria-label="Warning" />
          ) : (
            <Info className="mt-0.5 size-3.5 shrink-0 text-ink-3" aria-label="Note" />
          )}
          <span className="min-w-0 break-words">
            {message}
            {severity === "warning" && examples.length > 0 && (
              <span className="text-ink-3">
                {" "}
                {examples.slice(0, NAMED).join(" · ")}
                {examples.length > NAMED && ` · and ${examples.length - NAMED} more`}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
