/** A text field, of one line or several. */
import type { ComponentProps } from "react";
import { cx } from "./cx";

export const controlClass =
  "h-8.5 w-full min-w-0 rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink " +
  "placeholder:text-ink-3 hover:border-ink-3 focus:border-accent disabled:opacity-55 " +
  "aria-invalid:border-bad transition-colors dark:bg-sunken";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input type="text" {...rest} className={cx(controlClass, className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      dir="auto"
      {...rest}
      className={cx(controlClass, "h-auto resize-y py-1.5", className)}
    />
  );
}
