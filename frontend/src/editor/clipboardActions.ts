/** Copy, cut and paste: by the browser's own events, and by name where there are no such events. */
import { keyName, toast } from "../ui";
import { copyNodes, readPart } from "./clipboard";
import type { Tools } from "./commands";
import type { DocumentStore } from "./state";

type Parts = Pick<Tools, "store" | "actions">;

/** The selected layers as text; null when none is selected. */
function selectedText(store: DocumentStore): string | null {
  const { draft, selection } = store.getState();
  return selection.nodes.length > 0 ? copyNodes(draft, selection.nodes) : null;
}

/** Answer to a copy or cut event; false when there is nothing of the network to copy. */
export function onCopyEvent(event: ClipboardEvent, { store, actions }: Parts): boolean {
  const text = selectedText(store);
  // A marked text is copied as a text.
  if (text === null || getSelection()?.isCollapsed === false) return false;
  event.clipboardData?.setData("text/plain", text);
  if (event.type === "cut") actions.removeSelection();
  return true;
}

/** Put text into the network where it is one, or a part of one. */
export function pasteText(text: string, { store, actions }: Parts): void {
  const read = readPart(text, store.getState().types);
  if (read.ok) actions.paste(read.part);
  else toast({ title: "Not pasted", description: read.reason, tone: "warn" });
}

export async function copySelection({ store, actions }: Parts, cut: boolean): Promise<void> {
  const text = selectedText(store);
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text);
    if (cut) actions.removeSelection();
  } catch {
    refused(cut ? "X" : "C");
  }
}

export async function pasteFromClipboard(parts: Parts): Promise<void> {
  try {
    pasteText(await navigator.clipboard.readText(), parts);
  } catch {
    refused("V");
  }
}

function refused(letter: string) {
  toast({
    title: "The browser keeps its clipboard to itself",
    description: `Press ${keyName("Mod")} ${letter} on the canvas instead.`,
    tone: "warn",
  });
}
