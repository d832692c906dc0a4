"""The data folder: where uploads arrive, and where datasets and runs live."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4


class Storage:
    """Folders below the data folder; each dataset and each run has its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.uploads = root / "uploads"
        self.datasets = root / "datasets"
        self.runs = root / "runs"

    def prepare(self) -> None:
        """Make the folders, and remove uploads that a stopped server left unfinished."""
        shutil.rmtree(self.uploads, ignore_errors=True)
        for folder in (self.root, self.uploads, self.datasets, self.runs):
            folder.mkdir(parents=True, exist_ok=True)

    def new_upload(self) -> Path:
        """Return a path in the uploads folder that is not taken."""
        return self.uploads / uuid4().hex

    def dataset(self, id: UUID) -> Path:
        """Return the folder of a dataset."""
        return self.datasets / str(id)

    def run(self, id: UUID) -> Path:
        """Return the folder of a run."""
        return self.runs / str(id)

    def remove_dataset(self, id: UUID) -> None:
        """Remove a dataset's files; moved aside first, so that they go all at once."""
        doomed = self.new_upload()
        try:
            self.dataset(id).rename(doomed)
        except FileNotFoundError:
            return
        shutil.rmtree(doomed, ignore_errors=True)

    def remove_strays(self, known: set[UUID]) -> None:
        """Remove the folders of datasets that the database does not know."""
        names = {str(id) for id in known}
        for folder in self.datasets.iterdir():
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)


def base_name(sent: str | None) -> str:
    """Return the last part of a file name as a browser sent it, without what cannot be shown."""
    last = (sent or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[:200] if shown.strip(".") else "upload"
