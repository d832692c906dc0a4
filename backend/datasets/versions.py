"""The versions of a dataset in the database: which there are, and which one is in use."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.database.counters import next_number
from backend.database.engine import Database
from backend.database.tables import DatasetRow, RunRow, VersionRow
from backend.errors import ApiError, not_found
from backend.storage import Storage

SHOWN_RUNS = 10
"""Runs that a refusal names; the rest are counted."""
_NOT_READY = {
    "ingesting": "it is still being read. Wait until its state is 'ready'.",
    "failed": "it could not be read. Upload it again.",
}


def find(session: Session, id: UUID, lock: bool = False) -> DatasetRow:
    """Return a dataset; locked, it stays as it is until the transaction ends.

    Raises:
        ApiError: 404 when there is none.
    """
    row = session.get(DatasetRow, id, with_for_update=lock or None)
    if row is None:
        raise not_found("dataset", id)
    return row


def version_of(session: Session, row: DatasetRow, version: int | None) -> VersionRow:
    """Return a version of a dataset; None stands for the one in use.

    Raises:
        ApiError: 404 when there is none.
    """
    number = row.version if version is None else version
    found = session.get(VersionRow, (row.id, number)) if 0 < number < 2**31 else None
    if found is None:
        raise not_found("version", number)
    return found


def ready(database: Database, id: UUID, version: int | None = None) -> VersionRow:
    """Return a version that has been read; None stands for the one in use.

    Raises:
        ApiError: 404 when there is none, 409 while or because it is not readable.
    """
    with database.reading() as session:
        found = version_of(session, find(session, id), version)
    check_ready(found)
    return found


def current(database: Database, id: UUID) -> VersionRow:
    """Return the version in use, in whatever state.

    Raises:
        ApiError: 404 when there is no such dataset.
    """
    with database.reading() as session:
        return find(session, id).current


def check_ready(version: VersionRow) -> None:
    """Refuse a version that is still being read, or could not be.

    Raises:
        ApiError: 409.
    """
    if version.state != "ready":
        raise ApiError(
            409,
            "dataset_not_ready",
            f"Expected a dataset that can be used, got one where {_NOT_READY[version.state]}",
        )


def create(
    database: Database, storage: Storage, row: DatasetRow, first: VersionRow, folder: Path | None
) -> None:
    """Add a dataset with its first version.

    Args:
        folder: where it was read, which is kept, or removed when this fails; None while it is still
            being read.
    """
    first.dataset_id = row.id
    first.version = row.version = row.newest = 1
    try:
        with database.session() as session:
            row.place = next_number(session, "datasets")
            session.add_all([row, first])
            session.flush()
            session.refresh(row, ["current"])
            folder = storage.settle(folder, row.id, 1) if folder else None
    except BaseException:
        if folder is not None:
            storage.remove(folder)
        raise
    if folder is not None:
        storage.keep(folder)


def begin(database: Database, id: UUID, version: VersionRow) -> DatasetRow:
    """Add a version that is being read; the one in use stays so until that has ended well.

    Raises:
        ApiError: 404 when the dataset was deleted, 409 while another version is being read.
    """
    with database.session() as session:
        row = find(session, id, lock=True)
        check_idle(session, row)
        _forget_failed(session, row)
        row.newest += 1
        version.dataset_id, version.version = row.id, row.newest
        session.add(version)
    return row


def check_idle(session: Session, row: DatasetRow) -> None:
    """Refuse to read a version while another one is being read.

    Raises:
        ApiError: 409.
    """
    query = select(VersionRow.version).where(
        VersionRow.dataset_id == row.id, VersionRow.state == "ingesting"
    )
    if (number := session.scalar(query)) is not None:
        raise ApiError(
            409,
            "dataset_being_read",
            f"Expected a dataset of which no file is being read, got one whose version {number} "
            "is. Wait for it, or delete that version.",
        )


def put(
    database: Database,
    storage: Storage,
    folder: Path,
    id: UUID,
    number: int | None,
    values: dict[str, Any],
    before: VersionRow,
) -> DatasetRow | None:
    """Put a version that was read to use; None where the one in use is no longer `before`.

    Args:
        folder: where it was read; it gets its own name, and is kept.
        number: of the version, where `begin` gave it one; None stands for the next.
        values: of its columns.
        before: the version in use that it was compared with, as it was then.

    Raises:
        ApiError: 404 when the dataset or the version was deleted meanwhile.
    """
    try:
        with database.session() as session:
            row = find(session, id, lock=True)
            if not _same(row.current, before):
                return None
            if number is None:
                row.newest += 1
                read = VersionRow(dataset_id=id, version=row.newest)
                session.add(read)
            else:
                read = version_of(session, row, number)
            for name, value in values.items():
                setattr(read, name, value)
            read.state, read.progress = "ready", None
            row.version = read.version
            _forget_failed(session, row)
            session.flush()
            session.refresh(row, ["current"])
            folder = storage.settle(folder, id, row.version)
    except BaseException:
        storage.remove(folder)
        raise
    storage.keep(folder)
    return row


def change(
    database: Database, before: VersionRow, name: str | None, description: dict[str, Any] | None
) -> DatasetRow | None:
    """Rename a dataset and describe the version in use anew; None where that is no longer `before`.

    Raises:
        ApiError: 404 when the dataset was deleted meanwhile.
    """
    with database.session() as session:
        row = find(session, before.dataset_id, lock=True)
        if not _same(row.current, before):
            return None
        row.name = name or row.name
        row.current.description = description
    return row


def fail(database: Database, id: UUID, number: int, error: dict[str, Any]) -> None:
    """Tell why a version could not be read, unless it was deleted meanwhile."""
    with database.session() as session:
        if session.get(DatasetRow, id, with_for_update=True) is None:
            return
        row = session.get(VersionRow, (id, number))
        if row is not None:
            row.state, row.progress, row.error = "failed", None, error


def restore(database: Database, id: UUID, number: int) -> DatasetRow:
    """Go back, or forward, to a version.

    Raises:
        ApiError: 404 when it is not there, 409 when it is not readable.
    """
    with database.session() as session:
        row = find(session, id, lock=True)
        check_ready(version_of(session, row, number))
        row.version = number
        session.flush()
        session.refresh(row, ["current"])
    return row


def remove(database: Database, storage: Storage, id: UUID, number: int) -> None:
    """Delete a version with its files; one that is being read is then no longer wanted.

    Raises:
        ApiError: 404 when it is not there, 409 while it is in use or a run needs it.
    """
    folder = storage.dataset(id, number)
    with database.session() as session:
        row = find(session, id, lock=True)
        version = version_of(session, row, number)
        if number == row.version:
            raise ApiError(
                409,
                "version_in_use",
                f"Expected a version that is not in use, got version {number}, which is. Go to "
                "another one first, or delete the dataset.",
            )
        runs = _runs_of(session, id, number)
        if runs:
            shown = ", ".join(f"Run {run}" for run in runs[:SHOWN_RUNS])
            more = len(runs) - SHOWN_RUNS
            raise ApiError(
                409,
                "version_in_use",
                f"Expected a version that no run was trained on, got version {number}, which "
                f"{shown}{f' and {more:,} more' if more > 0 else ''} need. Delete them first.",
            )
        storage.doom(folder)
        session.delete(version)
    storage.remove(folder)


def count_runs(session: Session, id: UUID) -> dict[int, int]:
    """Return how many runs each version of a dataset has, by its number."""
    query = (
        select(RunRow.dataset_version, func.count())
        .where(RunRow.dataset_id == id)
        .group_by(RunRow.dataset_version)
    )
    return dict(session.execute(query).all())


def numbers(session: Session, id: UUID) -> list[int]:
    """Return the numbers of all versions of a dataset."""
    query = select(VersionRow.version).where(VersionRow.dataset_id == id)
    return list(session.scalars(query))


def unready(session: Session, row: DatasetRow) -> VersionRow | None:
    """Return the newest version that is being read, or could not be, beside the one in use."""
    query = select(VersionRow).where(
        VersionRow.dataset_id == row.id,
        VersionRow.version != row.version,
        VersionRow.state != "ready",
    )
    return session.scalar(query.order_by(VersionRow.version.desc()).limit(1))


def _same(one: VersionRow, other: VersionRow) -> bool:
    return (one.version, one.description) == (other.version, other.description)


def _runs_of(session: Session, id: UUID, number: int) -> list[int]:
    query = select(RunRow.number).where(RunRow.dataset_id == id, RunRow.dataset_version == number)
    return list(session.scalars(query.order_by(RunRow.number)))


def _forget_failed(session: Session, row: DatasetRow) -> None:
    """Take versions that could not be read off the list: what comes after them stands for them."""
    failed = delete(VersionRow).where(
        VersionRow.dataset_id == row.id,
        VersionRow.version != row.version,
        VersionRow.state == "failed",
    )
    session.execute(failed)
