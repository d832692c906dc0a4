import type { ReactNode } from "react";
import { Rail } from "./Rail";

export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="grid h-full grid-cols-[3.25rem_minmax(0,1fr)]">
      <Rail />
      <main id="main" tabIndex={-1} className="h-full min-h-0 overflow-auto">
        {children}
      </main>
    </div>
  );
}
