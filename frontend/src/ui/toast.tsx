/** Short messages that go by themselves. */
import { CircleCheck, CircleX, Info, TriangleAlert, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";
import type { Tone } from "./Pill";

export interface ToastOptions {
  title: string;
  description?: string;
  tone?: Tone;
  action?: { label: string; onClick: () => void };
  /** Milliseconds until it goes by itself; longer when it has an action. */
  duration?: number;
}

interface Shown extends ToastOptions {
  id: number;
}

let shown: readonly Shown[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(toasts: readonly Shown[]) {
  shown = toasts;
  for (const listener of listeners) listener();
}

function dismiss(id: number) {
  change(shown.filter((toast) => toast.id !== id));
}

/** Says something that happened, without taking the focus. At most four are shown. */
export function toast(options: ToastOptions): void {
  change([...shown.slice(-3), { ...options, id: next++ }]);
}

const ICONS = {
  neutral: <Info className="text-ink-3" />,
  accent: <Info className="text-accent" />,
  ok: <CircleCheck className="text-ok" />,
  warn: <TriangleAlert className="text-warn" />,
  bad: <CircleX className="text-bad" />,
};

/** Where toasts appear. The shell has one; F8 moves the focus to it. */
export function Toaster() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <Radix.Provider swipeDirection="right">
      {toasts.map(({ id, title, description, tone = "neutral", action, duration }) => (
        <Radix.Root
          key={id}
          duration={duration ?? (action ? 12_000 : 6_000)}
          onOpenChange={(open) => {
            if (!open) dismiss(id);
          }}
          className="flex animate-rise items-start gap-3 rounded-lg border border-line bg-raised px-3.5 py-3 shadow-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0"
        >
          {ICONS[tone]}
          <div className="min-w-0 flex-1">
            <Radix.Title className="font-semibold">{title}</Radix.Title>
            {description && (
              <Radix.Description className="mt-0.5 break-words text-ink-2">
                {description}
              </Radix.Description>
            )}
            {action && (
              <Radix.Action
                altText={action.label}
                onClick={action.onClick}
                className="mt-1 rounded-sm font-semibold text-accent hover:underline"
              >
                {action.label}
              </Radix.Action>
            )}
          </div>
          <Radix.Close aria-label="Dismiss" className="rounded-sm p-0.5 text-ink-3 hover:text-ink">
            <X className="size-3.5" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-70 flex w-90 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}
