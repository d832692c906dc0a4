/** A file for the user to keep. */

/** Offer a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The click has taken the address over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
