"""From a file to a dataset: reading it in the engine, keeping it or leaving nothing behind."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from backend import state
from backend.database.counters import next_number
from backend.database.engine import Database
from backend.database.tables import DatasetRow
from backend.errors import ApiError, not_found, of_exception
from backend.storage import Storage
from backend.upload import Upload
from models.data.options import IngestOptions
from models.data.samples import SampleInfo


def recover(database: Database, storage: Storage) -> None:
    """Tidy up after a server that was stopped while it was reading files."""
    with database.session() as session:
        for row in session.scalars(select(DatasetRow).where(DatasetRow.state == "ingesting")):
            row.state, row.progress = "failed", None
            row.error = ApiError(
                503, "interrupted", "The server stopped while it read this file. Upload it again."
            ).detail.model_dump(mode="json")
        known = set(session.scalars(select(DatasetRow.id).where(DatasetRow.state == "ready")))
    storage.finish(known)


async def of_sample(request: Request, sample: SampleInfo) -> DatasetRow:
    """Make a dataset of one that ships with the app."""
    if sample.path is None:
        raise ValueError("points are made; see of_points")
    return await _of_file(request, sample, sample.path, sample.path.name)


async def of_points(request: Request, sample: SampleInfo, table: str) -> DatasetRow:
    """Make a dataset of points that were made for it, as CSV."""
    path = state.storage(request).new_upload()
    try:
        await asyncio.to_thread(path.write_text, table, encoding="utf-8")
        return await _of_file(request, sample, path, f"{sample.slug}.csv")
    finally:
        path.unlink(missing_ok=True)


async def _of_file(request: Request, sample: SampleInfo, path: Path, filename: str) -> DatasetRow:
    row = DatasetRow(id=uuid4(), name=sample.title, sample=sample.slug)
    found = await _read(request, row.id, path, filename, IngestOptions())
    row.description = {**found, "source": sample.source}
    return await _keep(request, row)


async def of_upload(
    request: Request, form: Upload, name: str, options: IngestOptions
) -> DatasetRow:
    """Make a dataset of an upload: at once when it is small, else in the background.

    Raises:
        DocumentError: the file cannot be read as a dataset; nothing is left of it.
    """
    row = DatasetRow(id=uuid4(), name=name)
    if form.size <= state.settings(request).small_upload_bytes:
        row.description = await _read(request, row.id, form.path, form.filename, options)
        return await _keep(request, row)
    row.state, row.progress = "ingesting", 0.0
    await run_in_threadpool(_insert, state.database(request), row)
    kept = form.path.with_suffix(".ingesting")
    form.path.rename(kept)
    tasks: set[asyncio.Task[None]] = request.app.state.tasks
    task = asyncio.create_task(_read_later(request, row.id, kept, form.filename, options))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return row


async def ready(request: Request, id: UUID) -> dict[str, Any]:
    """Return the description of a dataset that has been read.

    Raises:
        ApiError: 404 when there is none, 409 while or because it is not readable.
    """
    return (await run_in_threadpool(_ready, state.database(request), id)).description or {}


async def change(
    request: Request, id: UUID, name: str | None, patches: list[dict[str, Any]]
) -> DatasetRow:
    """Rename a dataset, and change kinds and roles of its columns, all or nothing."""
    database, folder = state.database(request), str(state.storage(request).dataset(id))
    while True:
        row = await run_in_threadpool(_ready if patches else _any, database, id)
        new = row.description
        if patches:
            new = await state.engine(request).call("change", folder, row.description, patches)
        changed = await run_in_threadpool(_replace, database, id, name, row.description, new)
        # None: someone changed it meanwhile; the patches are applied to what it is now.
        if changed is not None:
            return changed


async def _read(
    request: Request,
    id: UUID,
    path: Path,
    filename: str,
    options: IngestOptions,
    report: bool = False,
) -> dict[str, Any]:
    storage = state.storage(request)
    folder = storage.new_dataset(id)
    progress = (state.database(request).url, str(id)) if report else None
    try:
        return await state.engine(request).call(
            "ingest",
            str(path),
            str(folder),
            filename,
            options.model_dump(mode="json"),
            state.settings(request).ingest_memory_bytes,
            progress,
        )
    except BaseException:
        await asyncio.to_thread(storage.remove_dataset, id)
        raise


async def _read_later(
    request: Request, id: UUID, path: Path, filename: str, options: IngestOptions
) -> None:
    database = state.database(request)
    try:
        description = await _read(request, id, path, filename, options, report=True)
        found = await run_in_threadpool(_finish, database, id, "ready", description, None)
        # Nobody wants it any more when its row was deleted meanwhile.
        storage = state.storage(request)
        await run_in_threadpool(storage.keep_dataset if found else storage.remove_dataset, id)
    except Exception as error:
        told = of_exception(error, request).detail.model_dump(mode="json")
        await run_in_threadpool(_finish, database, id, "failed", None, told)
    finally:
        path.unlink(missing_ok=True)


async def _keep(request: Request, row: DatasetRow) -> DatasetRow:
    row.state = "ready"
    try:
        await run_in_threadpool(_insert, state.database(request), row)
    except BaseException:
        await asyncio.to_thread(state.storage(request).remove_dataset, row.id)
        raise
    state.storage(request).keep_dataset(row.id)
    return row


def _insert(database: Database, row: DatasetRow) -> None:
    with database.session() as session:
        row.place = next_number(session, "datasets")
        session.add(row)


def _any(database: Database, id: UUID) -> DatasetRow:
    with database.reading() as session:
        row = session.get(DatasetRow, id)
    if row is None:
        raise not_found("dataset", id)
    return row


def _ready(database: Database, id: UUID) -> DatasetRow:
    row = _any(database, id)
    if row.state != "ready":
        message = (
            "it is still being read. Wait until its state is 'ready'."
            if row.state == "ingesting"
            else "it could not be read. Upload it again."
        )
        raise ApiError(
            409,
            "dataset_not_ready",
            f"Expected a dataset that can be used, got one where {message}",
        )
    return row


def _replace(
    database: Database,
    id: UUID,
    name: str | None,
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
) -> DatasetRow | None:
    with database.session() as session:
        row = session.get(DatasetRow, id, with_for_update=True)
        if row is None:
            raise not_found("dataset", id)
        if row.description != old:
            return None
        row.name = name or row.name
        row.description = new
    return row


def _finish(
    database: Database,
    id: UUID,
    outcome: str,
    description: dict[str, Any] | None,
    error: dict[str, Any] | None,
) -> bool:
    with database.session() as session:
        row = session.get(DatasetRow, id, with_for_update=True)
        if row is None:
            return False
        row.state, row.progress = outcome, None
        row.description, row.error = description, error
    return True
