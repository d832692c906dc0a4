/** One choice of a long list, found by a part of its name. */
import { Command } from "cmdk";
import { Check, ChevronDown, Search } from "lucide-react";
import { Popover as Radix } from "radix-ui";
import { useState } from "react";
import { cx } from "./cx";
import { controlClass } from "./Input";
import type { SelectOption, SelectProps } from "./Select";

/** More than anyone reads; the next letter narrows it down. */
const MOST = 100;

/** The options whose name and group together hold all the words, in their order. */
export function withWords(options: readonly SelectOption[], search: string): SelectOption[] {
  const words = search.toLowerCase().split(/\s+/);
  return options.filter(({ label, group = "" }) => {
    const text = `${label} ${group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function Combobox({
  value,
  onChange,
  options,
  id,
  label,
  placeholder = "Choose …",
  disabled,
  className,
  invalid,
}: SelectProps) {
  const [open, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value);
  const pick = (next: string) => {
    setOpen(false);
    onChange(next);
  };
  return (
    // What lies around it stays still: the list scrolls, also above a window.
    <Radix.Root modal open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>
        <button
          type="button"
          role="combobox"
          id={id}
          aria-label={label}
          aria-invalid={invalid || undefined}
          aria-expanded={open}
          disabled={disabled}
          className={cx(
            controlClass,
            "inline-flex items-center justify-between gap-2 text-left",
            className,
          )}
        >
          <span className={cx("truncate", !chosen && "text-ink-3")}>
            {chosen?.label ?? placeholder}
          </span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-3" />
        </button>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 flex max-h-[min(24rem,var(--radix-popover-content-available-height))] w-max max-w-96 min-w-(--radix-popover-trigger-width) animate-fade flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-2"
        >
          <Choices options={options} chosen={chosen} onPick={pick} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ChoicesProps {
  options: readonly SelectOption[];
  chosen: SelectOption | undefined;
  onPick(value: string): void;
}

function Choices({ options, chosen, onPick }: ChoicesProps) {
  const [search, setSearch] = useState("");
  const found = withWords(options, search);
  const shown = found.slice(0, MOST);
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <Command
      label="Find in the list"
      shouldFilter={false}
      loop
      defaultValue={chosen?.value}
      className="flex min-h-0 flex-col"
    >
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-2.5">
        <Search aria-hidden="true" className="size-3.5 text-ink-3" />
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder={`Find among ${options.length} …`}
          className="h-9 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-3"
        />
      </div>
      <Command.List className="min-h-0 overflow-y-auto p-1">
        <Command.Empty className="p-3 text-sm text-ink-2">
          Nothing has that name. Try a part of it.
        </Command.Empty>
        {groups.map((group) => (
          <Command.Group
            key={group ?? ""}
            heading={group}
            className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
          >
            {shown
              .filter((option) => option.group === group)
              .map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled}
                  onSelect={() => onPick(option.value)}
                  className="relative flex cursor-pointer flex-col rounded-md py-1.5 pr-8 pl-2.5 text-sm data-[disabled=true]:cursor-not-allowed data-[disabled=true]:opacity-45 data-[selected=true]:bg-accent-soft"
                >
                  <span className="break-words">{option.label}</span>
                  {option.hint && <span className="text-xs text-ink-3">{option.hint}</span>}
                  {option.value === chosen?.value && (
                    <Check className="absolute top-2 right-2 size-3.5 text-accent" />
                  )}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {found.length > shown.length && (
          <p className="px-2.5 py-1.5 text-xs text-ink-3">
            The first {shown.length} of {found.length}; type more of the name.
          </p>
        )}
      </Command.List>
    </Command>
  );
}
