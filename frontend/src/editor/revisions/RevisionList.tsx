/** Revisions to choose from, newest first; the arrow keys go through them. */
import { type KeyboardEvent, useRef } from "react";
import type { RevisionSummary } from "../../api";
import { cx, formatAgo, formatDate, formatPlural } from "../../ui";

export interface RevisionListProps {
  revisions: readonly RevisionSummary[];
  /** The number of the revision that the network has now. */
  newest: number | undefined;
  chosen: number | null;
  onChoose(revision: number): void;
}

export function RevisionList({ revisions, newest, chosen, onChoose }: RevisionListProps) {
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = revisions[revisions.findIndex(({ revision }) => revision === chosen) + step];
    if (!next) return;
    onChoose(next.revision);
    list.current?.querySelector<HTMLElement>(`[data-revision="${next.revision}"]`)?.focus();
  };
  return (
    <ul
      ref={list}
      aria-label="Revisions, newest first"
      className="-mx-1 grid min-h-0 flex-1 content-start gap-0.5 overflow-y-auto p-1"
      onKeyDown={onKeyDown}
    >
      {revisions.map(({ revision, note, nodes, created_at }) => (
        <li key={revision}>
          <button
            type="button"
            data-revision={revision}
            aria-current={revision === chosen}
            tabIndex={revision === chosen ? 0 : -1}
            onClick={() => onChoose(revision)}
            className={cx(
              "w-full rounded-md px-2.5 py-1.5 text-left focus-visible:outline-2!",
              revision === chosen ? "bg-accent-soft" : "hover:bg-sunken",
            )}
          >
            <span className={cx("block break-words", note !== null && "font-semibold")}>
              {note ?? `Revision ${revision}`}
            </span>
            <span className="block text-xs text-ink-2" title={formatDate(created_at)}>
              {revision === newest ? "now" : formatAgo(created_at)} · {formatPlural(nodes, "layer")}
              {note !== null && ` · revision ${revision}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
