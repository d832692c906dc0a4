/** The editor's keys. None of them fires while someone types in a field. */
import { useEffect } from "react";
import { isTyping, toast } from "../ui";
import { copyNodes, readPart } from "./clipboard";
import { type Direction, walk } from "./flow";
import { useActions, useDocumentStore } from "./store";

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

export interface Keys {
  onTrain(): void;
  onSave(): void;
}

export function useKeys({ onTrain, onSave }: Keys) {
  const actions = useActions();
  const store = useDocumentStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key } = event;
      const mod = event.ctrlKey || event.metaKey;
      if (mod && key === "Enter") {
        event.preventDefault();
        onTrain();
        return;
      }
      if (mod && key.toLowerCase() === "s") {
        event.preventDefault();
        onSave();
        return;
      }
      if (isTyping(event.target) || inOverlay(event.target)) return;
      const done = mod ? withMod(event) : plain(event);
      if (done) event.preventDefault();
    };

    const withMod = (event: KeyboardEvent): boolean => {
      const { draft, selection } = store.getState();
      switch (event.key.toLowerCase()) {
        case "z":
          if (event.shiftKey) actions.redo();
          else actions.undo();
          return true;
        case "y":
          actions.redo();
          return true;
        case "d":
          actions.duplicateSelection();
          return true;
        case "a":
          actions.select(draft.nodes.map((node) => node.id));
          return true;
        case "c":
        case "x":
          // A marked text is copied as a text.
          if (selection.nodes.length === 0 || getSelection()?.isCollapsed === false) return false;
          void navigator.clipboard?.writeText(copyNodes(draft, selection.nodes));
          if (event.key.toLowerCase() === "x") actions.removeSelection();
          return true;
        default:
          return false;
      }
    };

    const plain = (event: KeyboardEvent): boolean => {
      const { draft, selection } = store.getState();
      const [first] = selection.nodes;
      const onCanvas = !(event.target instanceof Element) || !event.target.closest("button, a");
      if (event.key === "Delete" || event.key === "Backspace") {
        actions.removeSelection();
        return true;
      }
      if (event.key === "F2" && first) {
        actions.nameSelection();
        return true;
      }
      if (event.key === "Escape") {
        actions.select([]);
        return true;
      }
      const way = ARROWS[event.key];
      if (way && onCanvas) {
        const next = first ? walk(draft, first, way) : draft.nodes[0]?.id;
        if (next) actions.select([next]);
        return next !== undefined && next !== null;
      }
      if (event.key === "Tab" && onCanvas && event.target === document.body && !event.shiftKey) {
        const screen = [window.innerWidth / 2 - 150, window.innerHeight / 3] as const;
        actions.openSearch({ kind: "selection", screen });
        return true;
      }
      return false;
    };

    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!text.trim().startsWith("{")) return;
      event.preventDefault();
      const read = readPart(text, store.getState().types);
      if (read.ok) actions.paste(read.part);
      else toast({ title: "Not pasted", description: read.reason, tone: "warn" });
    };

    window.addEventListener("keydown", onKey);
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("paste", onPaste);
    };
  }, [actions, store, onTrain, onSave]);
}

/** Dialogs, menus and lists of choices use the keys themselves. */
function inOverlay(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      "[role=dialog], [role=menu], [role=listbox], [role=tablist], [role=radiogroup]",
    ) !== null
  );
}
