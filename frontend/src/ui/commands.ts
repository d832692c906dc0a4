/** What the command palette and the shortcut sheet offer; a feature adds its own while it is shown. */
import { type ReactNode, useEffect, useId, useSyncExternalStore } from "react";

export interface Command {
  /** Unique in its list. */
  id: string;
  title: string;
  /** The palette's heading it stands under, such as "Editor" or "Layers". */
  group: string;
  /** Other words that should find it. */
  keywords?: string;
  hint?: string;
  icon?: ReactNode;
  /** Shown beside it; the feature listens for the keys itself. */
  shortcut?: readonly string[];
  run: () => void;
}

export interface Shortcut {
  group: string;
  /** Names of keys as `KeyboardEvent.key` has them; "Mod" is Ctrl, or Cmd on a Mac. */
  keys: readonly string[];
  /** Other keys that do the same. */
  or?: readonly string[];
  title: string;
}

class Registry<Entry> {
  private lists = new Map<string, readonly Entry[]>();
  private all: readonly Entry[] = [];
  private listeners = new Set<() => void>();

  set(owner: string, entries: readonly Entry[] | null) {
    if (entries) this.lists.set(owner, entries);
    else this.lists.delete(owner);
    this.all = [...this.lists.values()].flat();
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  read = () => this.all;
}

const commands = new Registry<Command>();
const shortcuts = new Registry<Shortcut>();

function useRegister<Entry>(registry: Registry<Entry>, entries: readonly Entry[]) {
  const owner = useId();
  useEffect(() => registry.set(owner, entries), [registry, owner, entries]);
  useEffect(() => () => registry.set(owner, null), [registry, owner]);
}

/** Offers commands in the palette while the component is shown. Memoize the list. */
export function useCommands(list: readonly Command[]): void {
  useRegister(commands, list);
}

/** Lists shortcuts on the sheet that `?` opens while the component is shown. Memoize the list. */
export function useShortcuts(list: readonly Shortcut[]): void {
  useRegister(shortcuts, list);
}

export function useRegisteredCommands(): readonly Command[] {
  return useSyncExternalStore(commands.subscribe, commands.read);
}

export function useRegisteredShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(shortcuts.subscribe, shortcuts.read);
}

const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const PRINTED: Readonly<Record<string, string>> = {
  Mod: mac ? "⌘" : "Ctrl",
  Enter: "↵",
  Escape: "Esc",
  Delete: "Del",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** A key as keyboards print it. */
export function keyName(key: string): string {
  return PRINTED[key] ?? key;
}

/**
 * Are these the keys that are pressed? A letter is another one with Shift; a sign is itself, however
 * a keyboard brings it forth.
 */
export function isPressed(event: KeyboardEvent, keys: readonly string[]): boolean {
  const wanted = keys.at(-1) ?? "";
  if (event.key.toLowerCase() !== wanted.toLowerCase()) return false;
  if ((event.ctrlKey || event.metaKey) !== keys.includes("Mod") || event.altKey) return false;
  const sign = wanted.length === 1 && wanted.toLowerCase() === wanted.toUpperCase();
  return sign || event.shiftKey === keys.includes("Shift");
}

/** True while a text field has the focus: single keys are then letters, not shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.closest("input, textarea, select, [role=textbox]") !== null
  );
}
