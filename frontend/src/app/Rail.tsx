import { ChartLine, Database, House, Waypoints } from "lucide-react";
import { Link, useLocation } from "wouter";
import { cx, Tooltip } from "../ui";

const PLACES = [
  { href: "/", label: "Home", icon: House },
  { href: "/networks", label: "Networks", icon: Waypoints },
  { href: "/datasets", label: "Datasets", icon: Database },
  { href: "/runs", label: "Runs", icon: ChartLine },
];

export function Rail() {
  const [location] = useLocation();
  return (
    <nav
      aria-label="Main"
      className="flex flex-col items-center gap-1.5 border-r border-line bg-panel py-2.5"
    >
      {PLACES.map(({ href, label, icon: Icon }) => {
        const here = href === "/" ? location === "/" : location.startsWith(href);
        return (
          <Tooltip key={href} content={label} side="right">
            <Link
              href={href}
              aria-label={label}
              aria-current={here ? "page" : undefined}
              className={cx(
                "grid size-9 place-items-center rounded-lg",
                here ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-sunken hover:text-ink",
              )}
            >
              <Icon className="size-4.5" strokeWidth={1.7} />
            </Link>
          </Tooltip>
        );
      })}
    </nav>
  );
}
