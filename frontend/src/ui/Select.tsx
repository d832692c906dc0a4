/** One choice of a list; of a long one it is found by a part of its name. */
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { Combobox } from "./Combobox";
import { cx } from "./cx";
import { controlClass } from "./Input";
import { nonce } from "./nonce";

export interface SelectOption {
  value: string;
  label: string;
  hint?: string;
  disabled?: boolean;
  /** Options of one group stand together under its name. */
  group?: string;
}

export interface SelectProps {
  value: string | undefined;
  onChange: (value: string) => void;
  options: readonly SelectOption[];
  id?: string;
  /** Read out when no <label> points at it. */
  label?: string;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  invalid?: boolean;
}

// Radix keeps "" for "nothing chosen"; an option may still have that value.
const EMPTY = "\u0000";
const inward = (value: string) => (value === "" ? EMPTY : value);
const outward = (value: string) => (value === EMPTY ? "" : value);

/** More options than this are searched rather than looked through. */
const LOOKED_THROUGH = 30;

export function Select(props: SelectProps) {
  return props.options.length > LOOKED_THROUGH ? <Combobox {...props} /> : <List {...props} />;
}

function List({
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
  const groups = [...new Set(options.flatMap(({ group }) => group ?? []))];
  const known = value !== undefined && options.some((option) => option.value === value);
  return (
    <Radix.Root
      value={known ? inward(value) : ""}
      onValueChange={(next) => {
        if (next !== "") onChange(outward(next));
      }}
      disabled={disabled}
    >
      <Radix.Trigger
        id={id}
        aria-label={label}
        aria-invalid={invalid || undefined}
        className={cx(
          controlClass,
          "inline-flex items-center justify-between gap-2 text-left data-placeholder:text-ink-3",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown className="size-3.5 text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-96 animate-fade overflow-hidden rounded-lg border border-line bg-raised p-1 shadow-2"
        >
          <Radix.Viewport nonce={nonce()}>
            {options.filter(({ group }) => group === undefined).map(Option)}
            {groups.map((group) => (
              <Radix.Group key={group}>
                <Radix.Label className="px-2.5 pt-2 pb-1 text-xs text-ink-3">{group}</Radix.Label>
                {options.filter((option) => option.group === group).map(Option)}
              </Radix.Group>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Option(option: SelectOption) {
  return (
    <Radix.Item
      key={option.value}
      value={inward(option.value)}
      disabled={option.disabled}
      className="relative flex cursor-pointer flex-col rounded-md py-1.5 pr-8 pl-2.5 text-sm outline-none select-none data-disabled:opacity-45 data-highlighted:bg-accent-soft"
    >
      <Radix.ItemText>{option.label}</Radix.ItemText>
      {option.hint && <span className="text-xs text-ink-3">{option.hint}</span>}
      <Radix.ItemIndicator className="absolute top-2 right-2">
        <Check className="size-3.5 text-accent" />
      </Radix.ItemIndicator>
    </Radix.Item>
  );
}
