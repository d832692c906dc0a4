/** Files dropped anywhere on the page. */
import { FileDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";

export interface FileDropProps {
  onFiles: (files: File[]) => void;
  /** Said while a file hangs over the page: "Drop a table or a zip of images". */
  label: string;
}

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** While it is shown, a file may be dropped anywhere on the page. */
export function FileDrop({ onFiles, label }: FileDropProps) {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  }, [onFiles]);

  useEffect(() => {
    // Every element entered is also left; the page is left when the last one is.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const hover = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length) latest.current(files);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragover", hover);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);

  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-60 animate-fade bg-scrim p-6">
      <div className="grid h-full place-items-center rounded-xl border-2 border-dashed border-accent bg-panel/85">
        <p className="flex items-center gap-3 text-xl font-semibold">
          <FileDown className="size-7 text-accent" aria-hidden="true" />
          {label}
        </p>
      </div>
    </div>
  );
}
