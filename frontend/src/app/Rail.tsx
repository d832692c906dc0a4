/** The rail at the left: places, workers, search, theme, help. */
import { BookOpen, ChartLine, Command, Database, House, Keyboard, Waypoints } from "lucide-react";
import { Link, useLocation } from "wouter";
import { cx, IconButton, Kbd, keyName, Tooltip } from "../ui";
import { Logo } from "./Logo";
import { ThemeMenu } from "./ThemeMenu";
import { WorkersLink } from "./WorkersLink";

const PLACES = [
  { href: "/", label: "Home", icon: House },
  { href: "/networks", label: "Networks", icon: Waypoints },
  { href: "/datasets", label: "Datasets", icon: Database },
  { href: "/runs", label: "Runs", icon: ChartLine },
  { href: "/learn/reference", label: "Reference", icon: BookOpen },
];

export interface RailProps {
  onPalette: () => void;
  onHelp: () => void;
}

export function Rail({ onPalette, onHelp }: RailProps) {
  const [location] = useLocation();
  return (
    <nav
      aria-label="Main"
      className="flex flex-col items-center gap-1.5 overflow-y-auto border-r border-line bg-panel py-2.5"
    >
      <Logo className="mb-2 size-7.5 shrink-0" />
      {PLACES.map(({ href, label, icon: Icon }) => {
        const here =
          href === "/" ? location === "/" : location === href || location.startsWith(`${href}/`);
        return (
          <Tooltip key={href} content={label} side="right">
            <Link
              href={href}
              aria-label={label}
              aria-current={here ? "page" : undefined}
              className={cx(
                "grid size-9 shrink-0 place-items-center rounded-lg transition-colors",
                here
                  ? "bg-accent-soft text-accent"
                  : "text-ink-2 hover:bg-sunken hover:text-ink dark:hover:bg-raised",
              )}
            >
              <Icon className="size-4.5" strokeWidth={1.75} />
            </Link>
          </Tooltip>
        );
      })}
      <span className="flex-1" />
      <WorkersLink />
      <IconButton
        label="Search everything"
        icon={<Command strokeWidth={1.75} />}
        side="right"
        onClick={onPalette}
        hint={
          <span className="flex gap-0.5">
            <Kbd>{keyName("Mod")}</Kbd>
            <Kbd>K</Kbd>
          </span>
        }
      />
      <ThemeMenu />
      <IconButton
        label="Keyboard shortcuts"
        icon={<Keyboard strokeWidth={1.75} />}
        side="right"
        onClick={onHelp}
        hint={<Kbd>?</Kbd>}
      />
    </nav>
  );
}
