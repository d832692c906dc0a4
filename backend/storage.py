"""The data folder: where uploads arrive, and where datasets and runs live."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4

DOOMED = ".doomed"
"""Marks a folder that goes at the next start unless the database knows the dataset."""


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

    def new_dataset(self, id: UUID) -> Path:
        """Make the folder of a dataset that the database does not know yet."""
        folder = self.dataset(id)
        folder.mkdir()
        (folder / DOOMED).touch()
        return folder

    def keep_dataset(self, id: UUID) -> None:
        """Keep the folder: the database knows the dataset now."""
        (self.dataset(id) / DOOMED).unlink(missing_ok=True)

    def doom_dataset(self, id: UUID) -> None:
        """Mark the folder of a dataset that the database is about to forget."""
        if self.dataset(id).is_dir():
            (self.dataset(id) / DOOMED).touch()

    def remove_dataset(self, id: UUID) -> None:
        """Remove a dataset's files; moved aside first, so that they go all at once."""
        aside = self.new_upload()
        try:
            self.dataset(id).rename(aside)
        except FileNotFoundError:
            return
        shutil.rmtree(aside, ignore_errors=True)

    def finish(self, known: set[UUID]) -> None:
        """Finish what a stopped server had begun: keep the marked folders of known datasets.

        The other marked ones are removed. One without a mark is never touched, for it may belong
        to another database.
        """
        for mark in self.datasets.glob(f"*/{DOOMED}"):
            if mark.parent.name in map(str, known):
                mark.unlink()
            else:
                shutil.rmtree(mark.parent, ignore_errors=True)


def base_name(sent: str | None) -> str:
    """Return the last part of a file name as a browser sent it, without what cannot be shown."""
    last = (sent or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[:200] if shown.strip(".") else "upload"
