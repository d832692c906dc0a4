/** Light, dark, or as the system has it. The page shell sets it before first paint; this follows. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
export type ThemeChoice = Theme | "system";

const KEY = "theme";
const listeners = new Set<() => void>();

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage may be forbidden; the choice then lasts as long as the page
  }
}

let choice: ThemeChoice = stored();
const dark = () => window.matchMedia("(prefers-color-scheme: dark)");

function resolved(): Theme {
  if (choice !== "system") return choice;
  return dark().matches ? "dark" : "light";
}

function apply() {
  document.documentElement.dataset.theme = resolved();
  for (const listener of listeners) listener();
}

/** Applies the stored theme and follows the system's from now on. */
export function startTheme(): void {
  apply();
  dark().addEventListener("change", apply);
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    choice = stored();
    apply();
  });
}

export function setTheme(next: ThemeChoice): void {
  choice = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // storage may be forbidden; the choice then lasts as long as the page
  }
  apply();
}

/** The theme that the page wears: tokens have its values, which may be a moment behind the system. */
function worn(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : resolved();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme on screen (canvas drawings need it) and the choice behind it. */
export function useTheme(): { theme: Theme; choice: ThemeChoice } {
  const theme = useSyncExternalStore(subscribe, worn);
  const chosen = useSyncExternalStore(subscribe, () => choice);
  return { theme, choice: chosen };
}

/** A design token's value now, for what cannot use CSS variables: `token("--accent")`. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
