/** The classes of images with their counts, to choose one. */
import type { ImageClass } from "../api";
import { cx, formatCount, formatPercent } from "../ui";

export interface ImageClassesProps {
  classes: readonly ImageClass[];
  total: number;
  chosen: number | null;
  onChoose: (index: number | null) => void;
}

/** An uneven deal is seen at a glance. */
export function ImageClasses({ classes, total, chosen, onChoose }: ImageClassesProps) {
  const most = Math.max(1, ...classes.map((one) => one.count));
  return (
    <ul className="grid max-h-96 gap-x-6 overflow-y-auto rounded-xl border border-line bg-panel p-2 shadow-1 sm:grid-cols-2">
      {classes.map((one, index) => (
        <li key={one.name}>
          <button
            type="button"
            aria-pressed={chosen === index}
            onClick={() => onChoose(chosen === index ? null : index)}
            className={cx(
              "grid w-full grid-cols-[minmax(3rem,9rem)_minmax(0,1fr)_6.5rem] items-center gap-3 rounded-md px-2 py-1 text-left hover:bg-sunken",
              chosen === index && "bg-accent-soft hover:bg-accent-soft",
            )}
          >
            <span className="min-w-0 break-words">{one.name}</span>
            <span className="h-2 overflow-hidden rounded-full bg-line" aria-hidden="true">
              <span
                className="block h-full w-full origin-left rounded-full"
                style={{
                  transform: `scaleX(${one.count / most})`,
                  background: "var(--group-recurrent)",
                }}
              />
            </span>
            <span className="text-right text-xs text-ink-2">
              {formatCount(one.count)}{" "}
              <span className="text-ink-3">{formatPercent(one.count / total)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
