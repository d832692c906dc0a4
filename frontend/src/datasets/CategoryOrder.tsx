/** The order of categories that have one: low, medium, high. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { Button, Field, formatCount, IconButton } from "../ui";

export interface CategoryOrderProps {
  categories: readonly string[];
  /** The order that was chosen; null is the order by text. */
  order: readonly string[] | null;
  onChange: (order: string[] | null) => void;
}

/** All categories, the lowest first; each can be moved up and down. */
export function CategoryOrder({ categories, order, onChange }: CategoryOrderProps) {
  const shown = order ?? categories;
  const move = (place: number, by: number) => {
    const next = [...shown];
    const [moved] = next.splice(place, 1);
    if (moved === undefined) return;
    next.splice(place + by, 0, moved);
    onChange(next);
  };
  return (
    <Field
      label="Order"
      hint={`From the lowest to the highest of ${formatCount(shown.length)}; as proposed it is by text.`}
      changed={order !== null}
    >
      <ol className="max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line">
        {shown.map((name, place) => (
          <li key={name} className="flex items-center gap-2 py-0.5 pr-1 pl-3">
            <span className="w-6 shrink-0 text-right text-xs text-ink-3">{place}</span>
            <span className="min-w-0 flex-1 break-words">{name || "(empty)"}</span>
            <IconButton
              size="sm"
              label={`Move ${name || "(empty)"} up`}
              icon={<ArrowUp />}
              disabled={place === 0}
              onClick={() => move(place, -1)}
            />
            <IconButton
              size="sm"
              label={`Move ${name || "(empty)"} down`}
              icon={<ArrowDown />}
              disabled={place === shown.length - 1}
              onClick={() => move(place, 1)}
            />
          </li>
        ))}
      </ol>
      {order !== null && (
        <Button size="sm" variant="ghost" className="mt-1.5" onClick={() => onChange(null)}>
          By text
        </Button>
      )}
    </Field>
  );
}
