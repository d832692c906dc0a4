/** Beside a field inside a block: whether each use of the block sets it. */
import { SquareArrowOutUpRight } from "lucide-react";
import { useMemo } from "react";
import { IconButton, Menu } from "../../ui";
import { useActions, useDocument } from "../store";
import { alike, setBy } from "./parameters";

/** `target` is the field: [layer, parameter], or [layer, parameter, argument] of a block inside. */
export function Exposed({ target, label }: { target: readonly string[]; label: string }) {
  const actions = useActions();
  const draft = useDocument((state) => state.draft);
  const types = useDocument((state) => state.types);
  const [id = "", field = "", argument] = target;
  const name = setBy(draft, id, field, argument);
  const others = useMemo(() => alike(draft, types, target), [draft, types, target]);
  const icon = <SquareArrowOutUpRight className="size-3.5" />;
  if (name !== null) {
    return (
      <Menu
        trigger={
          <IconButton
            size="sm"
            className="bg-accent-soft text-accent!"
            label={`Each use of the block sets it, as its argument ${name}; here stands the default`}
            icon={icon}
          />
        }
        items={[
          {
            label: `Set it here again, not by ${name}`,
            onSelect: () => actions.unexpose(name, target),
          },
          { label: "Show the block's arguments", onSelect: () => actions.select([]) },
        ]}
      />
    );
  }
  const said = `Expose ${label}: let each use of the block set it`;
  if (others.length === 0) {
    return <IconButton size="sm" label={said} icon={icon} onClick={() => actions.expose(target)} />;
  }
  return (
    <Menu
      trigger={<IconButton size="sm" label={said} icon={icon} />}
      items={[
        { label: "As a new argument", onSelect: () => actions.expose(target) },
        "separator",
        ...others.map((other) => ({
          label: `Together with ${other}`,
          onSelect: () => actions.expose(target, other),
        })),
      ]}
    />
  );
}
