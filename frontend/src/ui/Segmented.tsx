/** One choice of a few, all in view. */
import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx";

export interface SegmentedProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: ReactNode; title?: string; disabled?: boolean }[];
  id?: string;
  label?: string;
  className?: string;
}

/** One choice of a few, all in view. */
export function Segmented<Value extends string>({
  value,
  onChange,
  options,
  id,
  label,
  className,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      id={id}
      type="single"
      value={value}
      aria-label={label}
      onValueChange={(next) => {
        if (next) onChange(next as Value);
      }}
      className={cx("flex rounded-md bg-sunken p-0.5", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          disabled={option.disabled}
          className="flex-auto rounded-[6px] px-2.5 whitespace-nowrap py-1 text-xs text-ink-2 transition-colors hover:text-ink disabled:opacity-45 data-[state=on]:bg-raised data-[state=on]:font-semibold data-[state=on]:text-ink data-[state=on]:shadow-1"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
