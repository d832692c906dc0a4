/** A button, and the look of one. */
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Spinner } from "./Spinner";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md";

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: ReactNode;
  /** Shows a spinner and refuses clicks, keeping the focus. */
  loading?: boolean;
}

const BASE =
  "inline-flex items-center justify-center gap-1.5 rounded-md font-[550] whitespace-nowrap select-none " +
  "border transition-colors disabled:cursor-not-allowed disabled:opacity-50 " +
  "aria-disabled:cursor-not-allowed [&_svg]:shrink-0";

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    "border-accent bg-accent text-on-accent hover:bg-accent-strong hover:border-accent-strong",
  secondary: "border-line-strong bg-panel text-ink hover:bg-sunken dark:hover:bg-raised",
  ghost: "border-transparent text-ink-2 hover:bg-sunken hover:text-ink dark:hover:bg-raised",
  danger: "border-transparent bg-bad text-on-accent hover:brightness-110",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5",
  md: "h-8.5 px-3.5 text-sm [&_svg]:size-4",
};

/** The look of a button, for links that act like one. */
export function buttonClass(
  variant: ButtonVariant = "secondary",
  size: ButtonSize = "md",
  className?: string,
): string {
  return cx(BASE, VARIANTS[variant], SIZES[size], className);
}

export function Button({
  variant = "secondary",
  size = "md",
  icon,
  loading = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-busy={loading || undefined}
      aria-disabled={loading || rest["aria-disabled"]}
      className={buttonClass(variant, size, className)}
      onClick={(event) => {
        if (loading) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {loading ? <Spinner /> : icon}
      {children}
    </button>
  );
}
