/** The menu of what was clicked with the other button: of a layer, or of the empty canvas. */
import { ContextMenu } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Kbd, keyName } from "../ui";
import { EDITOR_COMMANDS, type EditorCommand, type Tools } from "./commands";
import { focusCanvas } from "./panes";

export function CanvasMenu({ tools, children }: { tools: Tools; children: ReactNode }) {
  const [kind, setKind] = useState<"layer" | "canvas">("canvas");
  const { store, actions } = tools;
  const state = store.getState();
  const offered = EDITOR_COMMANDS.filter(
    ({ menu, needs }) => menu === kind && (needs === undefined || needs(state)),
  );
  const groups = [...new Set(offered.map(({ group }) => group))];
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        className="h-full"
        onContextMenu={(event) => {
          const node = (event.target as Element).closest<HTMLElement>(".react-flow__node");
          const id = node?.dataset.id;
          if (id && !store.getState().selection.nodes.includes(id)) actions.select([id]);
          setKind(id ? "layer" : "canvas");
        }}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          collisionPadding={8}
          className="z-60 min-w-56 animate-fade rounded-lg border border-line bg-raised p-1 shadow-2"
          onCloseAutoFocus={(event) => {
            // What was chosen may have moved the focus: else it goes on where it was.
            event.preventDefault();
            if (document.activeElement === document.body) focusCanvas();
          }}
        >
          {groups.map((group, index) => (
            <ContextMenu.Group key={group}>
              {index > 0 && <ContextMenu.Separator className="my-1 h-px bg-line" />}
              {offered
                .filter((command) => command.group === group)
                .map((command) => (
                  <Entry key={command.id} command={command} tools={tools} />
                ))}
            </ContextMenu.Group>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Entry({ command, tools }: { command: EditorCommand; tools: Tools }) {
  const { title, icon: Icon, keys } = command;
  return (
    <ContextMenu.Item
      onSelect={() => command.run(tools)}
      className="flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-accent-soft"
    >
      <Icon className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
      <span className="flex-1">{title}</span>
      <span className="flex gap-0.5">
        {keys?.[0]?.map((key) => (
          <Kbd key={key}>{keyName(key)}</Kbd>
        ))}
      </span>
    </ContextMenu.Item>
  );
}
