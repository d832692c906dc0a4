/** Asks for another name. */
import { NameDialog, type NameDialogProps } from "./NameDialog";

export interface RenameDialogProps
  extends Pick<NameDialogProps, "open" | "onOpenChange" | "name" | "loading" | "error"> {
  /** What is renamed: "network", "dataset". */
  what: string;
  onRename: (name: string) => void;
}

export function RenameDialog({ what, onRename, ...rest }: RenameDialogProps) {
  return <NameDialog {...rest} title={`Rename ${what}`} action="Rename" onName={onRename} />;
}
