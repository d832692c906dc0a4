/** A file for the user to keep. */

/** Milliseconds; a browser that is busy comes to the address late. */
const KEPT = 60_000;

/** Offer a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
