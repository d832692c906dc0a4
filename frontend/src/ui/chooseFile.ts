/** The system's file chooser, opened by something that is no button of its own. */

/** Opens the chooser; `onFile` hears of the file that was chosen, if one was. */
export function chooseFile(accept: string, onFile: (file: File) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) onFile(file);
  });
  input.click();
}
