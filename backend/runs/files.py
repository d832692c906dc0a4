"""A run's folder, and how it goes when the run is deleted: with its row, and all of it."""

import shutil
from uuid import UUID

from sqlalchemy import delete, select

from backend.database.engine import Database
from backend.database.tables import EventRow, RunRow
from backend.storage import Storage

WORKER_LOG = "worker.log"
CHECKPOINT = "last.checkpoint"
"""Where the training stood last; its worker, or the next one, goes on from there."""
INHERITED = "parent.checkpoint"
"""The checkpoint of the run that this one was forked from, where it begins with its weights."""
_DELETED = ".deleted"
"""Marks the folder of a run that is being deleted, so that a crash half-way is finished later."""


def remove(database: Database, storage: Storage, run_id: UUID) -> None:
    """Delete a run: its row, its events and its folder."""
    folder = storage.run(run_id)
    if folder.is_dir():
        (folder / _DELETED).touch()
    with database.session() as session:
        session.execute(delete(EventRow).where(EventRow.run_id == run_id))
        session.execute(delete(RunRow).where(RunRow.id == run_id))
    shutil.rmtree(folder, ignore_errors=True)


def finish_removals(database: Database, storage: Storage) -> None:
    """Remove the folders of runs whose rows were deleted just before the server ended."""
    for mark in storage.runs.glob(f"*/{_DELETED}"):
        with database.reading() as session:
            there = session.scalar(select(RunRow.id).where(RunRow.id == UUID(mark.parent.name)))
        if there is None:
            shutil.rmtree(mark.parent, ignore_errors=True)
        else:
            mark.unlink()
