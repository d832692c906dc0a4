"""A dataset's rows as the HTTP contract shows them."""

from typing import Any

from sqlalchemy.orm import defer, selectinload, undefer

from backend.database.engine import Database
from backend.database.tables import DatasetRow, VersionRow
from backend.datasets import versions
from backend.documents.datasets import Dataset, DatasetSummary, DatasetVersion, Original
from backend.storage import ORIGINAL, Storage, size
from models.data.description import Description, Note
from models.data.options import IngestOptions

IN_LISTS = selectinload(DatasetRow.current).options(
    defer(VersionRow.description), undefer(VersionRow.kind), undefer(VersionRow.rows)
)
"""What `summary` needs of a dataset: a description may be long, and a list has many."""


def summary(row: DatasetRow) -> DatasetSummary:
    """Return what a list shows of a dataset, which was read as `IN_LISTS` says."""
    shown = row.current
    return DatasetSummary(**_summary(row, shown), kind=shown.kind, rows=shown.rows)


def full(
    database: Database, storage: Storage, row: DatasetRow, version: VersionRow | None = None
) -> Dataset:
    """Return everything known of a dataset but its rows, as it is in one of its versions."""
    shown = version or row.current
    with database.reading() as session:
        other = versions.unready(session, row)
    return Dataset(
        **_summary(row, shown),
        **_measures(shown),
        **_read_from(storage, shown),
        newest=row.newest,
        description=Description.model_validate(shown.description) if shown.description else None,
        next_version=None if other is None else of_version(storage, row, other, 0),
    )


def of_version(storage: Storage, row: DatasetRow, version: VersionRow, runs: int) -> DatasetVersion:
    """Return what a list shows of a version; `runs` is how many were trained on it."""
    folder = storage.dataset(row.id, version.version)
    kept = folder / ORIGINAL
    original = kept.stat() if kept.is_file() else None
    return DatasetVersion(
        **_state(version),
        **_measures(version),
        **_read_from(storage, version),
        version=version.version,
        in_use=version.version == row.version,
        again=version.again,
        disk_bytes=size(folder) - (original.st_size if original else 0),
        shares_original=original is not None and original.st_nlink > 1,
        runs=runs,
        created_at=version.created_at,
    )


def _summary(row: DatasetRow, version: VersionRow) -> dict[str, Any]:
    return {
        **_state(version),
        "id": row.id,
        "name": row.name,
        "sample": row.sample,
        "version": version.version,
        "created_at": row.created_at,
    }


def _state(version: VersionRow) -> dict[str, Any]:
    return {"state": version.state, "progress": version.progress, "error": version.error}


def _measures(version: VersionRow) -> dict[str, Any]:
    known = version.description or {}
    return {"kind": known.get("kind"), "rows": known.get("rows")}


def _read_from(storage: Storage, version: VersionRow) -> dict[str, Any]:
    path = storage.dataset(version.dataset_id, version.version) / ORIGINAL
    there = version.filename is not None and path.is_file()
    return {
        "original": Original(filename=version.filename or "", bytes=path.stat().st_size)
        if there
        else None,
        "options": IngestOptions.model_validate(version.options) if version.options else None,
        "changes": [Note.model_validate(note) for note in version.changes or []],
    }
