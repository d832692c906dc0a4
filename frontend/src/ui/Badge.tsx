/** A count or a kind, small and square. */
import type { ComponentProps } from "react";
import { cx } from "./cx";
import type { Tone } from "./Pill";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-2 dark:bg-raised",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
};

/** A count or a kind, small and square. */
export function Badge({
  tone = "neutral",
  className,
  ...rest
}: ComponentProps<"span"> & { tone?: Tone }) {
  return (
    <span
      {...rest}
      className={cx(
        "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm px-1.5 text-2xs font-[550]",
        TONES[tone],
        className,
      )}
    />
  );
}
