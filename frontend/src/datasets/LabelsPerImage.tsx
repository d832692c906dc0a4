/** How many images have none of several labels, one, two and so on. */
import { formatCount, formatPercent } from "../ui";

const HEIGHT = 64;

/** `counts` has the number of images by their number of labels, from none on. */
export function LabelsPerImage({ counts }: { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <ol
      aria-label="Images by their number of labels"
      className="flex w-fit max-w-full gap-2 overflow-x-auto rounded-xl border border-line bg-panel px-4 py-3 shadow-1"
    >
      {counts.map((count, labels) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the number of labels
          key={labels}
          className="grid w-14 content-end justify-items-center gap-1 text-xs"
          title={formatPercent(count / Math.max(1, total))}
        >
          <span className="text-ink-2 tabular-nums">{formatCount(count)}</span>
          <span
            aria-hidden="true"
            className="w-9 rounded-t-sm"
            style={{
              height: count > 0 ? Math.max(2, (count / most) * HEIGHT) : 0,
              background: "var(--group-recurrent)",
            }}
          />
          <span className="w-full border-t border-line-strong pt-1 text-center text-ink-3">
            {labels === 0 ? "none" : formatCount(labels)}
          </span>
        </li>
      ))}
    </ol>
  );
}
