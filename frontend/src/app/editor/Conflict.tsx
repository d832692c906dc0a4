/** The network was saved elsewhere meanwhile: both versions are offered, none is lost. */
import { useSyncExternalStore } from "react";
import { type Autosave, readWork, useActions, writeWork } from "../../editor";
import { Button, Dialog } from "../../ui";

export function Conflict({ autosave }: { autosave: Autosave }) {
  const actions = useActions();
  const save = useSyncExternalStore(autosave.subscribe, autosave.read);
  if (save.status !== "conflict") return null;
  const { theirs } = save;
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title="This network was changed elsewhere"
      description={`Revision ${theirs.revision} was saved while you were editing. The version that you do not choose stays among the revisions, or can be brought back with undo.`}
      footer={
        <>
          <Button
            onClick={() => {
              const work = readWork(theirs);
              autosave.takeTheirs(writeWork(work));
              actions.replace(work);
            }}
          >
            Take the other version
          </Button>
          <Button variant="primary" onClick={() => void autosave.keepMine()}>
            Keep my version
          </Button>
        </>
      }
    >
      <p className="text-sm text-ink-2">
        The other version has {theirs.nodes} layers and was saved at{" "}
        {new Date(theirs.updated_at).toLocaleTimeString()}.
      </p>
    </Dialog>
  );
}
