"""From a file to a version of a dataset: read in the engine, kept or leaving nothing behind."""

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from backend import state
from backend.database.engine import Database
from backend.database.tables import DatasetRow, VersionRow
from backend.datasets import versions
from backend.errors import ApiError, of_exception
from backend.storage import ORIGINAL, Storage
from backend.upload import Upload
from models.data.description import CHOSEN
from models.data.options import IngestOptions
from models.data.samples import SampleInfo
from models.data.treatment import ColumnKind
from models.errors import DocumentError

Place = Callable[[Path, Path], object]
"""How a file gets to where it is kept: moved, copied or linked."""


@dataclass(frozen=True)
class Source:
    """A file to read, and how.

    Attributes:
        place: what brings it from `path` to where it is kept beside what is read from it.
        again: the version whose original it is, where it is read again.
        source: what a sample's description tells of where it comes from.
        presumed: kinds that columns had in the version before; a file need not suit them.
    """

    path: Path
    filename: str
    options: IngestOptions
    place: Place = shutil.move
    again: int | None = None
    source: str | None = None
    presumed: Mapping[str, ColumnKind] = field(default_factory=dict)

    def version(self, **values: Any) -> dict[str, Any]:
        """Return the columns of the version that is read from it."""
        told = {"filename": self.filename, "again": self.again}
        return {**told, "options": self.options.model_dump(mode="json"), **values}


def recover(database: Database, storage: Storage) -> None:
    """Tidy up after a server that was stopped while it was reading files."""
    with database.session() as session:
        for row in session.scalars(select(VersionRow).where(VersionRow.state == "ingesting")):
            row.state, row.progress = "failed", None
            row.error = ApiError(
                503, "interrupted", "The server stopped while it read this file. Upload it again."
            ).detail.model_dump(mode="json")
        ready = select(VersionRow).where(VersionRow.state == "ready")
        known = {(row.dataset_id, row.version) for row in session.scalars(ready)}
    storage.finish(known)


async def of_sample(request: Request, sample: SampleInfo) -> DatasetRow:
    """Make a dataset of one that ships with the app."""
    if sample.path is None:
        raise ValueError("points are made; see of_points")
    source = Source(
        sample.path,
        sample.path.name,
        IngestOptions(roles=dict(sample.roles)),
        shutil.copyfile,
        source=sample.source,
    )
    return await _at_once(request, DatasetRow(name=sample.title, sample=sample.slug), source)


async def of_points(request: Request, sample: SampleInfo, table: str) -> DatasetRow:
    """Make a dataset of points that were made for it, as CSV."""
    path = state.storage(request).new_upload()
    source = Source(path, f"{sample.slug}.csv", IngestOptions(), source=sample.source)
    try:
        await asyncio.to_thread(path.write_text, table, encoding="utf-8")
        return await _at_once(request, DatasetRow(name=sample.title, sample=sample.slug), source)
    finally:
        path.unlink(missing_ok=True)


async def of_upload(
    request: Request, form: Upload, name: str, options: IngestOptions
) -> DatasetRow:
    """Make a dataset of an upload: at once when it is small, else in the background.

    Raises:
        DocumentError: the file cannot be read as a dataset; nothing is left of it.
    """
    row = DatasetRow(name=name)
    source = Source(form.path, form.filename, options)
    if form.size <= state.settings(request).small_upload_bytes:
        return await _at_once(request, row, source)
    row.id = uuid4()
    first = VersionRow(state="ingesting", progress=0.0, **source.version())
    database, storage = state.database(request), state.storage(request)
    await run_in_threadpool(versions.create, database, storage, row, first, None)
    await _later(request, row.id, 1, source)
    return row


async def of_new_file(
    request: Request, id: UUID, form: Upload, options: IngestOptions | None
) -> DatasetRow:
    """Read an upload as the next version of a dataset, which is then the one in use.

    Args:
        options: how to read it; None stands for those of the version in use.

    Raises:
        ApiError: 404 when there is no such dataset, 409 while another version is being read.
        DocumentError: the file cannot be read as a dataset; nothing is changed.
    """
    before = await run_in_threadpool(_idle, state.database(request), id)
    known = options or IngestOptions.model_validate(
        {**(before.options or {}), "kinds": {}, "roles": {}}
    )
    source = Source(form.path, form.filename, known, presumed=_chosen_kinds(before))
    return await _renew(request, id, source, form.size)


async def again(
    request: Request, id: UUID, number: int | None, options: IngestOptions
) -> DatasetRow:
    """Read the original of a version again, as the next version, which is then the one in use.

    Args:
        number: of the version; None stands for the one in use.

    Raises:
        ApiError: 404 when it is not there; 409 where its original was not kept, or while another
            version is being read.
        DocumentError: the file cannot be read in this way; nothing is changed.
    """
    database, storage = state.database(request), state.storage(request)
    before = await run_in_threadpool(_idle, database, id)
    version = await run_in_threadpool(versions.ready, database, id, number)
    path = storage.dataset(id, version.version) / ORIGINAL
    if version.filename is None or not path.is_file():
        raise ApiError(
            409,
            "no_original",
            f"Expected a version whose file was kept, got version {version.version}, which was "
            "read before files were. Upload the file as a new version.",
        )
    known = (version.description or {}).get("source")
    source = Source(
        path, version.filename, options, os.link, version.version, known, _chosen_kinds(before)
    )
    return await _renew(request, id, source, path.stat().st_size)


async def change(
    request: Request, id: UUID, name: str | None, patches: list[dict[str, Any]]
) -> DatasetRow:
    """Rename a dataset, and change kinds and roles of its columns, all or nothing."""
    database, storage = state.database(request), state.storage(request)
    while True:
        before = await run_in_threadpool(versions.current, database, id)
        new = before.description
        if patches:
            versions.check_ready(before)
            folder = str(storage.dataset(id, before.version))
            new = await state.engine(request).call("change", folder, new, patches)
        changed = await run_in_threadpool(versions.change, database, before, name, new)
        # None: someone changed it meanwhile; the patches are applied to what it is now.
        if changed is not None:
            return changed


def _idle(database: Database, id: UUID) -> VersionRow:
    """Return the version in use of a dataset of which no file is being read."""
    with database.reading() as session:
        row = versions.find(session, id)
        versions.check_idle(session, row)
        return row.current


def _chosen_kinds(version: VersionRow) -> dict[str, ColumnKind]:
    """Return the kinds that somebody chose, by the columns' names."""
    columns = (version.description or {}).get("columns", [])
    return {each["name"]: each["kind"] for each in columns if each["kind_reason"] == CHOSEN}


async def _at_once(request: Request, row: DatasetRow, source: Source) -> DatasetRow:
    row.id = uuid4()
    folder, description = await _read(request, row.id, source)
    first = VersionRow(state="ready", **source.version(description=description))
    database, storage = state.database(request), state.storage(request)
    await run_in_threadpool(versions.create, database, storage, row, first, folder)
    return row


async def _renew(request: Request, id: UUID, source: Source, size: int) -> DatasetRow:
    if size <= state.settings(request).small_upload_bytes:
        folder, description = await _read(request, id, source)
        return await _put(request, folder, id, None, source, description)
    database = state.database(request)
    version = VersionRow(state="ingesting", progress=0.0, **source.version())
    row = await run_in_threadpool(versions.begin, database, id, version)
    await _later(request, id, version.version, source)
    return row


async def _read(
    request: Request, id: UUID, source: Source, number: int | None = None
) -> tuple[Path, dict[str, Any]]:
    """Read a file into a new folder, and return that with the description.

    Args:
        number: of the version whose progress is kept in the database.
    """
    storage = state.storage(request)
    folder = storage.new_version(id)
    report = None if number is None else (state.database(request).url, str(id), number)
    try:
        original = folder / ORIGINAL
        await asyncio.to_thread(source.place, source.path, original)
        description, _ = await asyncio.gather(
            _ingest(request, folder, source, report), asyncio.to_thread(_sync, original)
        )
    except BaseException:
        await asyncio.to_thread(storage.remove, folder)
        raise
    return folder, {**description, "source": source.source}


async def _ingest(
    request: Request, folder: Path, source: Source, report: tuple[str, str, int] | None
) -> dict[str, Any]:
    presumed = dict(source.presumed)
    while True:
        options = source.options.model_copy(update={"kinds": {**presumed, **source.options.kinds}})
        try:
            return await state.engine(request).call(
                "ingest",
                str(folder / ORIGINAL),
                str(folder),
                source.filename,
                options.model_dump(mode="json"),
                state.settings(request).ingest_memory_bytes,
                report,
            )
        except DocumentError as error:
            where = error.problems[0].where
            name = where.path[2] if where.path[:2] == ["options", "kinds"] else where.column
            if name not in presumed or name in source.options.kinds:
                raise
            del presumed[name]


def _sync(path: Path) -> None:
    """Have a file on the disk, and not only on its way there."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


async def _put(
    request: Request,
    folder: Path,
    id: UUID,
    number: int | None,
    source: Source,
    description: dict[str, Any],
) -> DatasetRow:
    """Carry the choices of the version in use over to one that was read, and put that to use."""
    database, storage = state.database(request), state.storage(request)
    said = [*source.options.kinds]
    while True:
        try:
            before = await run_in_threadpool(versions.current, database, id)
            told: dict[str, Any] = {"description": description, "changes": None}
            if before.state == "ready":
                told = await state.engine(request).call(
                    "renewed", str(folder), before.description, description, said
                )
        except BaseException:
            await asyncio.to_thread(storage.remove, folder)
            raise
        values = source.version(**told)
        row = await run_in_threadpool(
            versions.put, database, storage, folder, id, number, values, before
        )
        # None: the version in use was changed meanwhile; its choices are carried over anew.
        if row is not None:
            return row


async def _later(request: Request, id: UUID, number: int, source: Source) -> None:
    """Read a file in the background; it is moved aside, for the request removes its upload."""
    if source.again is None:
        aside = state.storage(request).new_upload()
        source.path.rename(aside)
        source = replace(source, path=aside)
    tasks: set[asyncio.Task[None]] = request.app.state.tasks
    task = asyncio.create_task(_read_later(request, id, number, source))
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def _read_later(request: Request, id: UUID, number: int, source: Source) -> None:
    try:
        folder, description = await _read(request, id, source, number)
        await _put(request, folder, id, number, source, description)
    except Exception as error:
        told = of_exception(error, request).detail.model_dump(mode="json")
        await run_in_threadpool(versions.fail, state.database(request), id, number, told)
    finally:
        if source.again is None:
            source.path.unlink(missing_ok=True)
