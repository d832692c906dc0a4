/** A button that opens the system's file chooser. */
import { useRef } from "react";
import { Button, type ButtonProps } from "./Button";

export interface FileButtonProps extends Omit<ButtonProps, "onClick"> {
  /** As the `accept` of a file input. */
  accept?: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
}

/** A button that opens the system's file chooser. */
export function FileButton({ accept, multiple, onFiles, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...rest} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        hidden
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again after a failure.
          event.target.value = "";
          if (files.length) onFiles(files);
        }}
      />
    </>
  );
}
