/** Every shortcut that works where the user is, behind `?`. */
import { Dialog, Kbd, keyName, type Shortcut, useRegisteredShortcuts } from "../ui";

const EVERYWHERE: Shortcut[] = [
  { group: "Everywhere", keys: ["Mod", "K"], title: "Search pages, networks, data, runs, actions" },
  { group: "Everywhere", keys: ["?"], title: "Show this sheet" },
  { group: "Everywhere", keys: ["G", "H"], title: "Go home" },
  { group: "Everywhere", keys: ["G", "N"], title: "Go to the networks" },
  { group: "Everywhere", keys: ["G", "D"], title: "Go to the datasets" },
  { group: "Everywhere", keys: ["G", "R"], title: "Go to the runs" },
  { group: "Everywhere", keys: ["Escape"], title: "Close what is open" },
];

function Keys({ keys }: { keys: readonly string[] }) {
  return keys.map((key) => <Kbd key={key}>{keyName(key)}</Kbd>);
}

export interface ShortcutSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Every shortcut that works where the user is. */
export function ShortcutSheet({ open, onOpenChange }: ShortcutSheetProps) {
  const all = [...useRegisteredShortcuts(), ...EVERYWHERE];
  const groups = [...new Set(all.map((shortcut) => shortcut.group))];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      reading
      wide={groups.length > 1}
    >
      <div className={groups.length > 1 ? "gap-x-10 sm:columns-2" : undefined}>
        {groups.map((group) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-ink-3">{group}</h3>
            <dl>
              {all
                .filter((shortcut) => shortcut.group === group)
                .map(({ keys, or, title }) => (
                  <div
                    key={`${keys.join("+")} ${title}`}
                    className="flex items-center justify-between gap-4 border-b border-line py-1.5 last:border-0"
                  >
                    <dt>{title}</dt>
                    <dd className="flex shrink-0 items-center gap-1 text-ink-2">
                      <Keys keys={keys} />
                      {or && (
                        <>
                          <span className="text-xs text-ink-3">or</span>
                          <Keys keys={or} />
                        </>
                      )}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
