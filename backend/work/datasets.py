"""What is done with data: read in, looked at, changed."""

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from backend.work.machine import at_most
from models.data.description import Description

PROGRESS_SECONDS = 0.3


def ingest(
    path: str,
    folder: str,
    filename: str,
    options: dict[str, Any],
    memory: int,
    report: tuple[str, str, int] | None,
) -> dict[str, Any]:
    """Read a file into a dataset's folder and return its description.

    `memory` is how many bytes this may take. `report` is the URL of the database, and the id of the
    dataset and the number of its version whose progress is kept there.
    """
    from models.data.ingest import ingest
    from models.data.options import IngestOptions

    progress = _Progress(*report) if report else _ignore
    known = IngestOptions.model_validate(options)
    with at_most(memory):
        read = ingest(Path(path), Path(folder), filename, known, progress)
    return read.model_dump(mode="json")


def renewed(
    folder: str, before: dict[str, Any], read: dict[str, Any], said: list[str]
) -> dict[str, Any]:
    """Return the description of a new version with the choices of the one before, and `changes`.

    `read` is its description as it was read; `said` are the columns whose kind was asked for then.
    """
    from models.data.renewal import renew

    old, new = (Description.model_validate(description) for description in (before, read))
    description, changes = renew(Path(folder), old, new, frozenset(said))
    return {
        "description": description.model_dump(mode="json"),
        "changes": [note.model_dump(mode="json") for note in changes],
    }


def rows(
    folder: str, description: dict[str, Any], offset: int, limit: int, label: str | None
) -> tuple[list[str], list[list[Any]]]:
    """Return the names of the columns, and a window of the rows, or of the images with a label."""
    from models.data.view import read_rows

    return read_rows(Path(folder), Description.model_validate(description), offset, limit, label)


def image(folder: str, index: int) -> bytes:
    """Return one image as PNG."""
    from models.data.view import read_image

    return read_image(Path(folder), index)


def augmented(
    folder: str,
    description: dict[str, Any],
    augmentation: list[dict[str, Any]],
    count: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Return images as `backend.documents.datasets.AugmentedImages` has them."""
    from models.recipe import Objective
    from models.training.preview import preview

    wanted = [Objective.model_validate(entry) for entry in augmentation]
    known = Description.model_validate(description)
    return preview(Path(folder), known, wanted, count, seed)


def change(
    folder: str, description: dict[str, Any], patches: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the description with kinds and roles of columns changed."""
    from models.data.change import change

    return change(Path(folder), Description.model_validate(description), patches).model_dump(
        mode="json"
    )


class _Progress:
    """Keeps the progress of a version in the database, a few times a second at most."""

    def __init__(self, url: str, dataset: str, version: int) -> None:
        from backend.database.engine import Database

        self._database = Database(url)
        self._version = (UUID(dataset), version)
        self._told = time.monotonic()

    def __call__(self, share: float) -> None:
        from sqlalchemy import update

        from backend.database.tables import VersionRow

        if time.monotonic() - self._told < PROGRESS_SECONDS:
            return
        self._told = time.monotonic()
        with self._database.session() as session:
            dataset, version = self._version
            mine = update(VersionRow).where(
                VersionRow.dataset_id == dataset, VersionRow.version == version
            )
            session.execute(mine.values(progress=min(max(share, 0.0), 1.0)))


def _ignore(share: float) -> None:
    """Take the progress of a file that is read before anyone could ask for it."""
