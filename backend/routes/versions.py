"""The versions of a dataset: a new file, the same file read again, and the way back."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from backend import state, upload
from backend.database.tables import DatasetRow, NetworkRow, VersionRow
from backend.datasets import answers, ingestion, versions
from backend.documents.architectures import CheckAnswer
from backend.documents.base import Page
from backend.documents.datasets import Dataset, DatasetVersion, NetworkFit, ReadAgain
from backend.errors import of_validation
from backend.pages import page
from backend.parameters import Cursor, Id, Limit, Version, Whole
from backend.strict import StrictRoute, content_type, read_json
from models.data.options import IngestOptions

router = APIRouter(prefix="/datasets/{dataset_id}", tags=["datasets"], route_class=StrictRoute)

READ_AGAIN = ReadAgain.model_json_schema(ref_template="#/components/schemas/{model}")
# What it refers to is among the document's own, for answers have it as well.
READ_AGAIN.pop("$defs")
RENEW_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "title": "VersionUpload",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "options": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "contentSchema": IngestOptions.model_json_schema(),
                    },
                },
                "required": ["file"],
            }
        },
        "application/json": {"schema": READ_AGAIN},
    },
}


@router.get("/versions")
def list_versions(
    dataset_id: Id, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[DatasetVersion]:
    """Versions, newest first, with what each takes on disk and how many runs need it."""
    storage = state.storage(request)
    with state.database(request).reading() as session:
        row = versions.find(session, dataset_id)
        query = select(VersionRow).where(VersionRow.dataset_id == dataset_id)
        found, rest = page(session, query, (VersionRow.version,), limit, cursor)
        runs = versions.count_runs(session, dataset_id)
    items = [answers.of_version(storage, row, each, runs.get(each.version, 0)) for each in found]
    return Page(items=items, next_cursor=rest)


@router.post(
    "/versions",
    status_code=201,
    responses={202: {"model": Dataset, "description": "It is being read in the background"}},
    openapi_extra={"requestBody": RENEW_BODY},
)
async def add_version(dataset_id: Id, request: Request, response: Response) -> Dataset:
    """Multipart `file` (+ `options` JSON), or JSON to read the file of a version again.

    The new version is then the one in use; choices of columns are carried over to those of the same
    name. Where reading fails, the version in use stays so. Without `options` a file is read as the
    version in use was.
    """
    database, storage = state.database(request), state.storage(request)
    if content_type(request) == "multipart/form-data":
        # Before a large file is sent for nothing.
        await run_in_threadpool(versions.current, database, dataset_id)
        row = await _from_upload(request, dataset_id)
    else:
        document = await read_json(request)
        try:
            asked = ReadAgain.model_validate(document)
        except ValidationError as error:
            raise of_validation(error, document) from error
        row = await ingestion.again(request, dataset_id, asked.version, asked.options)
    told = await run_in_threadpool(answers.full, database, storage, row)
    if told.next_version is not None and told.next_version.state == "ingesting":
        response.status_code = 202
    response.headers["Location"] = f"/api/datasets/{dataset_id}"
    return told


@router.post("/versions/{version}/restore")
def restore_version(dataset_id: Id, version: Whole, request: Request) -> Dataset:
    """Go back to a version: it is the one in use again. Twice gives the same answer."""
    database = state.database(request)
    row = versions.restore(database, dataset_id, version)
    return answers.full(database, state.storage(request), row)


@router.delete("/versions/{version}", status_code=204)
def delete_version(dataset_id: Id, version: Whole, request: Request) -> None:
    """Delete a version with its files; 409 while it is in use, or naming the runs that need it."""
    versions.remove(state.database(request), state.storage(request), dataset_id, version)


@router.get("/fits")
async def check_networks(
    dataset_id: Id,
    request: Request,
    limit: Limit = 50,
    cursor: Cursor = None,
    version: Version = None,
) -> Page[NetworkFit]:
    """The networks that use a dataset, last changed first, and whether they fit it as it is."""
    database = state.database(request)
    known = await run_in_threadpool(versions.ready, database, dataset_id, version)
    with database.reading() as session:
        query = select(NetworkRow).where(NetworkRow.dataset_id == dataset_id)
        rows, rest = page(session, query, (NetworkRow.place, NetworkRow.id), limit, cursor)
    items = [await _fit(request, row, known.description or {}) for row in rows]
    return Page(items=items, next_cursor=rest)


async def _from_upload(request: Request, dataset_id: Id) -> DatasetRow:
    storage = state.storage(request)
    async with upload.receive(request, storage.new_upload()) as form:
        said = "options" in form.fields
        options = upload.read_options(form, IngestOptions)
        return await ingestion.of_new_file(request, dataset_id, form, options if said else None)


async def _fit(request: Request, row: NetworkRow, description: dict[str, Any]) -> NetworkFit:
    asked = (row.architecture, description, row.recipe)
    report = CheckAnswer.model_validate_json(await state.engine(request).call("check", *asked))
    return NetworkFit(
        network_id=row.id,
        name=row.name,
        revision=row.revision,
        ok=report.ok,
        problems=report.problems,
    )
