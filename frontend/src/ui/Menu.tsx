/** Actions behind a button. */
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";

export interface MenuAction {
  label: string;
  icon?: ReactNode;
  onSelect: () => void;
  tone?: "neutral" | "danger";
  disabled?: boolean;
  shortcut?: ReactNode;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  items: readonly (MenuAction | "separator")[];
  align?: "start" | "center" | "end";
}

export function Menu({ trigger, items, align = "end" }: MenuProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 min-w-44 animate-fade rounded-lg border border-line bg-raised p-1 shadow-2"
        >
          {items.map((item, index) =>
            item === "separator" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no other name than its place
              <Radix.Separator key={index} className="my-1 h-px bg-line" />
            ) : (
              <Radix.Item
                key={item.label}
                disabled={item.disabled}
                onSelect={item.onSelect}
                className={cx(
                  "flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-disabled:opacity-45 data-highlighted:bg-accent-soft [&_svg]:size-4 [&_svg]:shrink-0",
                  item.tone === "danger"
                    ? "text-bad data-highlighted:bg-bad-soft"
                    : "[&_svg]:text-ink-3",
                )}
              >
                {item.icon}
                <span className="flex-1">{item.label}</span>
                {item.shortcut}
              </Radix.Item>
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
