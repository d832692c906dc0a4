/** A short fact or state, rounded. */
import type { ComponentProps } from "react";
import { cx } from "./cx";

export type Tone = "neutral" | "ok" | "warn" | "bad" | "accent";

const TONES: Record<Tone, string> = {
  neutral: "border-line text-ink-2",
  ok: "border-transparent bg-ok-soft text-ok",
  warn: "border-transparent bg-warn-soft text-warn",
  bad: "border-transparent bg-bad-soft text-bad",
  accent: "border-transparent bg-accent-soft text-accent",
};

export interface PillProps extends ComponentProps<"span"> {
  tone?: Tone;
  /** A dot before the text, in the tone's colour. */
  dot?: boolean | "live";
}

/** A short fact or state, rounded. */
export function Pill({ tone = "neutral", dot, className, children, ...rest }: PillProps) {
  return (
    <span
      {...rest}
      className={cx(
        "inline-flex h-6 items-center gap-1.5 rounded-full border px-2.5 text-xs whitespace-nowrap [&_b]:font-semibold [&_b]:text-ink",
        TONES[tone],
        className,
      )}
    >
      {dot && (
        <span
          aria-hidden="true"
          className={cx("size-1.5 rounded-full bg-current", dot === "live" && "animate-breathe")}
        />
      )}
      {children}
    </span>
  );
}
