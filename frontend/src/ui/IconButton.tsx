/** A button that shows an icon and says its name. */
import type { ComponentProps, ReactNode } from "react";
import { type ButtonSize, type ButtonVariant, buttonClass } from "./Button";
import { cx } from "./cx";
import { Tooltip } from "./Tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** Read out, and shown as the tooltip. */
  label: string;
  icon: ReactNode;
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Shown in the tooltip after the label, such as a shortcut. */
  hint?: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
}

export function IconButton({
  label,
  icon,
  variant = "ghost",
  size = "md",
  hint,
  side,
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  const tip = hint ? (
    <span className="inline-flex items-center gap-2">
      {label} {hint}
    </span>
  ) : (
    label
  );
  return (
    <Tooltip content={tip} side={side}>
      <button
        {...rest}
        type={type}
        aria-label={label}
        className={buttonClass(
          variant,
          size,
          cx(size === "sm" ? "w-7 px-0!" : "w-8.5 px-0!", className),
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
