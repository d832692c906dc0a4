/** What surrounds every page. */
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { ImportNotes } from "./ImportNotes";
import { Rail } from "./Rail";
import { RunWatcher } from "./RunWatcher";
import { ServerNotice } from "./ServerNotice";
import { ShortcutSheet } from "./ShortcutSheet";
import { useShellKeys } from "./useShellKeys";

const loadPalette = () => import("./CommandPalette");
const CommandPalette = lazy(loadPalette);

/** What surrounds every page: the rail, the command palette, the shortcut sheet, notices. */
export function Shell({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  const onPalette = useCallback(() => setOpen((now) => (now === "palette" ? null : "palette")), []);
  const onHelp = useCallback(() => setOpen("help"), []);
  useShellKeys({ onPalette, onHelp });
  // There before its key is pressed: what is typed next is meant for it.
  useEffect(() => void loadPalette(), []);

  return (
    <div className="grid h-full grid-cols-[3.25rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-70 -translate-y-16 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to the page
      </a>
      <Rail onPalette={onPalette} onHelp={onHelp} />
      <div className="flex h-full min-h-0 min-w-0 flex-col">
        <ServerNotice />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-auto">
          {children}
        </main>
      </div>
      <Suspense fallback={null}>
        {open === "palette" && (
          <CommandPalette onClose={() => setOpen(null)} onHelp={() => setOpen("help")} />
        )}
      </Suspense>
      <ShortcutSheet open={open === "help"} onOpenChange={(next) => !next && setOpen(null)} />
      <ImportNotes />
      <RunWatcher />
    </div>
  );
}
