/** Light, dark, or as the system has it. */
import { Monitor, Moon, Sun } from "lucide-react";
import { Menu, setTheme, useTheme } from "../ui";

const CHOICES = [
  { choice: "light", label: "Light", icon: <Sun /> },
  { choice: "dark", label: "Dark", icon: <Moon /> },
  { choice: "system", label: "As the system", icon: <Monitor /> },
] as const;

export function ThemeMenu() {
  const { theme, choice } = useTheme();
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label="Theme"
          title="Theme"
          className="grid size-8.5 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink dark:hover:bg-raised [&_svg]:size-4"
        >
          {theme === "dark" ? <Moon strokeWidth={1.75} /> : <Sun strokeWidth={1.75} />}
        </button>
      }
      items={CHOICES.map((option) => ({
        label: option.label,
        icon: option.icon,
        shortcut: choice === option.choice ? <span className="text-accent">✓</span> : undefined,
        onSelect: () => setTheme(option.choice),
      }))}
    />
  );
}
