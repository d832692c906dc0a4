/** What an import could not carry over, on whatever page the network was opened. */
import { dismissImportNotes, useImportNotes } from "../api/importing";
import { Button, Dialog } from "../ui";

/** What an import could not carry over, on whatever page the network was opened. */
export function ImportNotes() {
  const told = useImportNotes();
  if (!told) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && dismissImportNotes()}
      title="Imported, with some differences"
      description={`${told.file} is opened. This is not as it was in the file:`}
      footer={
        <Button variant="primary" onClick={dismissImportNotes}>
          Understood
        </Button>
      }
      reading
    >
      <ul className="grid gap-2.5">
        {told.notes.map((note) => (
          <li key={`${note.layer}: ${note.message}`}>
            {note.layer && <strong className="mr-1.5 font-semibold">{note.layer}</strong>}
            {note.message}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
