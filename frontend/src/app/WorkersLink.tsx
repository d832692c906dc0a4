/** What the workers do, at a glance. */
import { useQuery } from "@tanstack/react-query";
import { Cpu, Zap } from "lucide-react";
import { Link } from "wouter";
import type { Health } from "../api";
import { healthQuery } from "../api/queries";
import { cx, formatPlural, Tooltip } from "../ui";

/** "1 of 2 training, 3 runs queued, on NVIDIA H100" */
function summary({ workers, devices }: Health): string {
  const training = workers.busy
    ? `${workers.busy} of ${workers.slots} training`
    : `Nothing is training; ${formatPlural(workers.slots, "run")} can at once`;
  const queued = workers.queued ? `, ${formatPlural(workers.queued, "run")} queued` : "";
  return `${training}${queued}, on ${devices.map((device) => device.name).join(", ")}`;
}

/** What the workers do, at a glance; opens the runs. */
export function WorkersLink() {
  const { data: health } = useQuery(healthQuery());
  const gpu = health?.devices.some((device) => device.type !== "cpu") ?? false;
  const text = health ? summary(health) : "Asking the server …";
  const working = (health?.workers.busy ?? 0) + (health?.workers.queued ?? 0);
  const Icon = gpu ? Zap : Cpu;
  return (
    <Tooltip content={text} side="right">
      <Link
        href="/runs"
        aria-label={text}
        className={cx(
          "relative grid size-9 shrink-0 place-items-center rounded-lg hover:bg-sunken hover:text-ink dark:hover:bg-raised",
          working ? "text-accent" : "text-ink-2",
        )}
      >
        <Icon className={cx("size-4.5", working > 0 && "animate-breathe")} strokeWidth={1.75} />
        {working > 0 && (
          <span className="absolute top-0.5 right-0.5 grid h-3.5 min-w-3.5 place-items-center rounded-full bg-accent px-1 text-[0.5625rem] font-semibold text-on-accent">
            {working}
          </span>
        )}
      </Link>
    </Tooltip>
  );
}
