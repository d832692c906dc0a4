/** The classes of images with their counts. */
import type { ImageClass } from "../api";
import { formatCount, formatPercent, Section } from "../ui";

/** The classes with their counts; an uneven deal is seen at a glance. */
export function ImageClasses({
  classes,
  total,
}: {
  classes: readonly ImageClass[];
  total: number;
}) {
  const most = Math.max(1, ...classes.map((one) => one.count));
  return (
    <Section title="Classes">
      <ul className="grid gap-x-8 gap-y-1.5 rounded-xl border border-line bg-panel px-4 py-3.5 shadow-1 sm:grid-cols-2">
        {classes.map((one) => (
          <li
            key={one.name}
            className="grid grid-cols-[minmax(4rem,10rem)_minmax(0,1fr)_6.5rem] items-center gap-3"
          >
            <span className="break-words">{one.name}</span>
            <span className="h-2 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
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
          </li>
        ))}
      </ul>
    </Section>
  );
}
