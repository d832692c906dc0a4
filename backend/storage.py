"""The data folder: where uploads arrive, and where datasets and runs live."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4

DOOMED = ".doomed"
"""Marks a folder that goes at the next start unless the database knows the version."""
ORIGINAL = "original"
"""The file that a version was read from, as it came; versions read from one file share it."""


class Storage:
    """Folders below the data folder; each version of a dataset and each run has its own."""

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

    def dataset(self, id: UUID, version: int = 1) -> Path:
        """Return the folder of a version of a dataset."""
        return self.datasets / (str(id) if version == 1 else f"{id}.{version}")

    def run(self, id: UUID) -> Path:
        """Return the folder of a run."""
        return self.runs / str(id)

    def new_version(self, id: UUID) -> Path:
        """Make a folder for a version that is being read, of which the database knows nothing."""
        folder = self.datasets / f"{id}.{uuid4().hex}"
        folder.mkdir()
        (folder / DOOMED).touch()
        return folder

    def settle(self, folder: Path, id: UUID, version: int) -> Path:
        """Give the folder of a version that was read its own name; it is still marked."""
        return folder.rename(self.dataset(id, version))

    def keep(self, folder: Path) -> None:
        """Keep the folder of a version: the database knows it now."""
        (folder / DOOMED).unlink(missing_ok=True)

    def doom(self, folder: Path) -> None:
        """Mark the folder of a version that the database is about to forget."""
        if folder.is_dir():
            (folder / DOOMED).touch()

    def remove(self, folder: Path) -> None:
        """Remove the files of a version; moved aside first, so that they go all at once."""
        aside = self.new_upload()
        try:
            folder.rename(aside)
        except FileNotFoundError:
            return
        shutil.rmtree(aside, ignore_errors=True)

    def finish(self, known: set[tuple[UUID, int]]) -> None:
        """Finish what a stopped server had begun: keep the marked folders of known versions.

        The other marked ones are removed. One without a mark is never touched, for it may belong
        to another database.
        """
        names = {self.dataset(*version).name for version in known}
        for mark in self.datasets.glob(f"*/{DOOMED}"):
            if mark.parent.name in names:
                mark.unlink()
            else:
                shutil.rmtree(mark.parent, ignore_errors=True)


def size(folder: Path) -> int:
    """Return how many bytes the files of a folder take; 0 where there is none."""
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file())


def base_name(sent: str | None) -> str:
    """Return the last part of a file name as a browser sent it, without what cannot be shown."""
    last = (sent or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[:200] if shown.strip(".") else "upload"
