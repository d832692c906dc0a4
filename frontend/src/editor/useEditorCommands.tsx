/** Offers the editor's actions in the command palette and on the shortcut sheet. */
import { useMemo } from "react";
import { type Command, useCommands, useShortcuts } from "../ui";
import { EDITOR_COMMANDS, EDITOR_SHORTCUTS, type EditorCommand, type Tools } from "./commands";
import { nodeName } from "./draft";
import { Glyph, groupColor } from "./Glyph";
import { useOffers } from "./offers";
import { focusCanvas } from "./panes";
import { useDocument } from "./store";
import { useEditorKeys } from "./useEditorKeys";

/** Every action of the editor, every layer type, and every layer of the network, by name and key. */
export function useEditorCommands(tools: Tools): void {
  useEditorKeys(tools);
  useShortcuts(EDITOR_SHORTCUTS);
  useCommands(useActionCommands(tools));
  useCommands(useOfferCommands(tools));
  useCommands(useLayerCommands(tools));
}

function useActionCommands(tools: Tools): readonly Command[] {
  // One letter for each action: what can be done changes seldom, the state does all the time.
  const able = useDocument((state) =>
    EDITOR_COMMANDS.map(({ needs }) => (needs === undefined || needs(state) ? "1" : "0")).join(""),
  );
  return useMemo(
    () =>
      EDITOR_COMMANDS.filter(({ keyOnly }, index) => !keyOnly && able[index] === "1").map(
        (command) => commandOf(command, tools),
      ),
    [able, tools],
  );
}

function commandOf(command: EditorCommand, tools: Tools): Command {
  const { id, title, group, keywords, keys, icon: Icon } = command;
  return {
    id,
    title,
    group,
    keywords: `editor ${keywords ?? ""}`,
    icon: <Icon />,
    shortcut: keys?.[0],
    run: () => command.run(tools),
  };
}

function useOfferCommands({ actions }: Tools): readonly Command[] {
  const offers = useOffers();
  return useMemo(
    () =>
      offers.map((offer) => ({
        id: offer.key,
        title: `Add ${offer.title}`,
        group: "Layers to add",
        keywords: `${offer.group} ${offer.summary} insert layer`,
        hint: offer.group,
        icon: <Glyph text={offer.glyph} color={offer.color} />,
        run: () => {
          actions.insert(offer);
          focusCanvas();
        },
      })),
    [actions, offers],
  );
}

function useLayerCommands({ actions }: Tools): readonly Command[] {
  const nodes = useDocument((state) => state.draft.nodes);
  const types = useDocument((state) => state.types);
  const catalog = useDocument((state) => state.catalog);
  return useMemo(
    () =>
      nodes.map((node) => {
        const type = types.get(node.type);
        return {
          id: node.id,
          title: node.title || node.id,
          group: "Layers of this network",
          keywords: `${node.id} ${nodeName(node)} go to select`,
          hint: type?.title ?? node.type,
          icon: type && <Glyph text={type.glyph} color={groupColor(catalog, type)} />,
          run: () => {
            actions.select([node.id]);
            focusCanvas();
          },
        };
      }),
    [actions, catalog, nodes, types],
  );
}
