"""Datasets: those that ship with the app and those that people upload."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, ValidationError
from sqlalchemy import select, update
from starlette.concurrency import run_in_threadpool

from backend import state, upload
from backend.database.tables import DatasetRow, NetworkRow, RunRow
from backend.datasets import answers, ingestion, versions
from backend.documents.base import Page
from backend.documents.datasets import (
    AugmentationRequest,
    AugmentedImages,
    Dataset,
    DatasetPatch,
    DatasetSummary,
    Rows,
    Sample,
    SampleRequest,
)
from backend.errors import ApiError, not_found, of_validation
from backend.pages import page, part
from backend.parameters import DIGITS, Cursor, Id, Limit, Version, Whole
from backend.strict import StrictRoute, content_type, read_json, refuse_unstorable
from models.data.options import IngestOptions
from models.data.samples import SAMPLES
from models.data.samples.playground import points
from models.errors import refuse
from models.recipe import Name
from models.training.events import TERMINAL

router = APIRouter(tags=["datasets"], route_class=StrictRoute)

CREATE_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "title": "DatasetUpload",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "name": {"type": "string", "minLength": 1, "maxLength": 200},
                    "options": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "contentSchema": IngestOptions.model_json_schema(),
                    },
                },
                "required": ["file"],
            }
        },
        "application/json": {"schema": SampleRequest.model_json_schema()},
    },
}


@router.get("/samples")
def list_samples(limit: Limit = 50, cursor: Cursor = None) -> Page[Sample]:
    """Datasets that ship with the app."""
    samples, rest = part(SAMPLES, "slug", limit, cursor)
    items = [
        Sample(**{name: getattr(sample, name) for name in Sample.model_fields})
        for sample in samples
    ]
    return Page(items=items, next_cursor=rest)


@router.post(
    "/datasets",
    status_code=201,
    responses={202: {"model": Dataset, "description": "It is being read in the background"}},
    openapi_extra={"requestBody": CREATE_BODY},
)
async def create_dataset(request: Request, response: Response) -> Dataset:
    """Multipart `file` (+ `name`, `options` JSON), or JSON `{"sample": slug}`.

    A small file is read before the answer (201); a large one answers 202 with `state: "ingesting"`.
    """
    if content_type(request) == "multipart/form-data":
        row = await _from_upload(request)
    else:
        row = await _from_sample(request)
    if row.current.state == "ingesting":
        response.status_code = 202
    response.headers["Location"] = f"/api/datasets/{row.id}"
    return await run_in_threadpool(
        answers.full, state.database(request), state.storage(request), row
    )


@router.get("/datasets")
def list_datasets(
    request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[DatasetSummary]:
    """Datasets, newest first."""
    with state.database(request).reading() as session:
        by = (DatasetRow.place, DatasetRow.id)
        query = select(DatasetRow).options(answers.IN_LISTS)
        rows, rest = page(session, query, by, limit, cursor)
    return Page(items=[answers.summary(row) for row in rows], next_cursor=rest)


@router.get("/datasets/{dataset_id}")
def read_dataset(dataset_id: Id, request: Request, version: Version = None) -> Dataset:
    """A dataset with everything known of it but its rows; with `version` as it is in that one."""
    database = state.database(request)
    with database.reading() as session:
        row = versions.find(session, dataset_id)
        shown = versions.version_of(session, row, version)
    return answers.full(database, state.storage(request), row, shown)


@router.patch("/datasets/{dataset_id}")
async def change_dataset(dataset_id: Id, body: DatasetPatch, request: Request) -> Dataset:
    """Rename it, or change kinds and roles of columns."""
    patches = [column.model_dump(exclude_none=True) for column in body.columns]
    row = await ingestion.change(request, dataset_id, body.name, patches)
    return await run_in_threadpool(
        answers.full, state.database(request), state.storage(request), row
    )


@router.delete("/datasets/{dataset_id}", status_code=204)
def delete_dataset(dataset_id: Id, request: Request) -> None:
    """Delete it with all its versions and their files; 409 naming the runs while one uses it."""
    storage = state.storage(request)
    with state.database(request).session() as session:
        row = versions.find(session, dataset_id, lock=True)
        using = select(RunRow.number).where(
            RunRow.dataset_id == dataset_id, RunRow.state.not_in(TERMINAL)
        )
        if runs := session.scalars(using.order_by(RunRow.number)).all():
            names = ", ".join(f"Run {number}" for number in runs)
            raise ApiError(
                409,
                "dataset_in_use",
                f"Expected a dataset that no run is using, got one used by {names}. Stop or delete "
                "them first.",
            )
        unlink = update(NetworkRow).where(NetworkRow.dataset_id == dataset_id)
        session.execute(unlink.values(dataset_id=None, updated_at=NetworkRow.updated_at))
        folders = [storage.dataset(dataset_id, n) for n in versions.numbers(session, dataset_id)]
        for folder in folders:
            storage.doom(folder)
        session.delete(row)
    for folder in folders:
        storage.remove(folder)


@router.get("/datasets/{dataset_id}/rows")
async def read_rows(
    dataset_id: Id,
    request: Request,
    offset: Annotated[int, Field(ge=0, le=2**53), DIGITS] = 0,
    limit: Annotated[int, Field(ge=1, le=1000), DIGITS] = 50,
    version: Version = None,
    label: Annotated[
        Name | None, Field(description="Only images of this class, or with this label")
    ] = None,
) -> Rows:
    """A window of the rows. Images: columns are 'image' (its index) and 'label'."""
    folder, description = await _ready(request, dataset_id, version)
    columns, rows = await state.engine(request).call(
        "rows", folder, description, offset, limit, label
    )
    counts = {entry["name"]: entry["count"] for entry in description["classes"]}
    total = description["rows"] if label is None else counts[label]
    return Rows(offset=offset, total=total, columns=columns, rows=rows)


@router.get(
    "/datasets/{dataset_id}/images/{index}",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def read_image(
    dataset_id: Id, index: Whole, request: Request, version: Version = None
) -> Response:
    """One image as PNG, as the network sees it."""
    folder, description = await _ready(request, dataset_id, version)
    if description["kind"] != "images" or not 0 <= index < description["rows"]:
        raise not_found("image", index)
    png = await state.engine(request).call("image", folder, index)
    # The pixels of a version never change; which one is in use does.
    kept = "no-cache" if version is None else "max-age=86400, immutable"
    headers = {"Cache-Control": f"private, {kept}"}
    return Response(png, media_type="image/png", headers=headers)


@router.post("/datasets/{dataset_id}/augmented")
async def augment_images(
    dataset_id: Id, body: AugmentationRequest, request: Request, version: Version = None
) -> AugmentedImages:
    """Images of the dataset as training with this augmentation would have them."""
    folder, description = await _ready(request, dataset_id, version)
    if description["kind"] != "images":
        raise refuse(
            "augmentation_needs_images",
            "Expected a dataset of images, because what augmentation does is done to images, got a "
            "table. Choose a dataset of images.",
        )
    wanted = [entry.model_dump(mode="json") for entry in body.augmentation]
    images = await state.engine(request).call(
        "augmented", folder, description, wanted, body.count, body.seed
    )
    return AugmentedImages(images=images)


async def _from_sample(request: Request) -> DatasetRow:
    document = await read_json(request)
    try:
        asked = SampleRequest.model_validate(document)
    except ValidationError as error:
        raise of_validation(error, document) from error
    slug = asked.sample
    sample = next((sample for sample in SAMPLES if sample.slug == slug), None)
    if sample is None:
        known = ", ".join(sample.slug for sample in SAMPLES)
        raise refuse("unknown_sample", f"Expected one of {known}, got {slug!r}.", path=["sample"])
    if sample.path is not None:
        for name in ("rows", "noise"):
            if getattr(asked, name) is not None:
                raise refuse(
                    "not_made",
                    f"Expected no {name} for {sample.title}, whose data are as they are, got some. "
                    "Leave it out.",
                    path=[name],
                )
        return await ingestion.of_sample(request, sample)
    noise = sample.noise if asked.noise is None else asked.noise
    return await ingestion.of_points(
        request, sample, points(slug, asked.rows or sample.rows, noise or 0.0, asked.seed)
    )


async def _from_upload(request: Request) -> DatasetRow:
    storage = state.storage(request)
    async with upload.receive(request, storage.new_upload()) as form:
        options = upload.read_options(form, IngestOptions, "name")
        name = form.fields.get("name", "").strip() or form.filename
        refuse_unstorable(name, ("name",))
        if len(name) > 200:
            raise refuse(
                "invalid",
                f"Expected a name of at most 200 characters, got {len(name)}.",
                path=["name"],
            )
        return await ingestion.of_upload(request, form, name, options)


async def _ready(request: Request, id: UUID, version: int | None) -> tuple[str, dict[str, Any]]:
    """Return the folder and the description of a version that has been read."""
    row = await run_in_threadpool(versions.ready, state.database(request), id, version)
    folder = state.storage(request).dataset(id, row.version)
    return str(folder), row.description or {}
