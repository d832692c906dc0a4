/** A key of the keyboard. */
import type { ReactNode } from "react";

/** A key of the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-grid h-4.5 min-w-4.5 place-items-center rounded-sm border border-current/30 px-1 text-2xs leading-none opacity-90">
      {children}
    </kbd>
  );
}
