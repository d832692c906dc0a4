/** The editor's keys: the list of its actions, as the keyboard asks for them. */
import { useEffect } from "react";
import { isPressed, isTyping } from "../ui";
import { onCopyEvent, pasteText } from "./clipboardActions";
import { EDITOR_COMMANDS, type KeyScope, type Tools } from "./commands";
import { onCanvas } from "./panes";

export function useEditorKeys(tools: Tools): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inOverlay(event.target)) return;
      const state = tools.store.getState();
      // One key may do one thing or another, by what is selected.
      const command = EDITOR_COMMANDS.find(
        ({ keys, scope = "page", needs }) =>
          keys?.some((each) => isPressed(event, each)) &&
          reaches(scope, event) &&
          (needs === undefined || needs(state)),
      );
      if (!command) return;
      event.preventDefault();
      command.run(tools);
    };
    const onCopy = (event: ClipboardEvent) => {
      if (isTyping(event.target) || inOverlay(event.target)) return;
      if (onCopyEvent(event, tools)) event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target) || inOverlay(event.target)) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text.trim() === "") return;
      event.preventDefault();
      pasteText(text, tools);
    };

    window.addEventListener("keydown", onKeyDown);
    window.addEventListener("copy", onCopy);
    window.addEventListener("cut", onCopy);
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
      window.removeEventListener("copy", onCopy);
      window.removeEventListener("cut", onCopy);
      window.removeEventListener("paste", onPaste);
    };
  }, [tools]);
}

function reaches(scope: KeyScope, event: KeyboardEvent): boolean {
  if (scope === "always") return true;
  if (scope === "browser" || isTyping(event.target)) return false;
  return scope === "page" || onCanvas(event.target);
}

/** Dialogs, menus and lists of choices use all keys themselves. */
function inOverlay(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]") !== null
  );
}
