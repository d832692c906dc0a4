"""Datasets: those that ship with the app and those that people upload."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend import ingestion, state, upload
from backend.database.tables import DatasetRow, NetworkRow, RunRow
from backend.documents.base import Page
from backend.documents.datasets import (
    AugmentationRequest,
    AugmentedImages,
    ColumnPatch,
    Dataset,
    DatasetPatch,
    DatasetSummary,
    Rows,
    Sample,
    SampleRequest,
)
from backend.errors import ApiError, not_found, of_validation
from backend.pages import page, part
from backend.parameters import DIGITS, Cursor, Id, Limit, Whole
from backend.strict import StrictRoute, content_type, read_json, refuse_unstorable
from models.data.description import Description
from models.data.options import IngestOptions
from models.data.samples import SAMPLES
from models.data.samples.playground import points
from models.errors import refuse
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
    if row.state == "ingesting":
        response.status_code = 202
    response.headers["Location"] = f"/api/datasets/{row.id}"
    return _answer(row)


@router.get("/datasets")
def list_datasets(
    request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[DatasetSummary]:
    """Datasets, newest first."""
    with state.database(request).reading() as session:
        by = (DatasetRow.place, DatasetRow.id)
        rows, rest = page(session, select(DatasetRow), by, limit, cursor)
    return Page(items=[DatasetSummary(**_summary(row)) for row in rows], next_cursor=rest)


@router.get("/datasets/{dataset_id}")
def read_dataset(dataset_id: Id, request: Request) -> Dataset:
    """A dataset with everything known of it but its rows."""
    with state.database(request).reading() as session:
        return _answer(_find(session, dataset_id))


@router.patch("/datasets/{dataset_id}")
async def change_dataset(dataset_id: Id, body: DatasetPatch, request: Request) -> Dataset:
    """Rename it, or change kinds and roles of columns."""
    row = await ingestion.change(request, dataset_id, body.name, _patches(body.columns))
    return _answer(row)


@router.delete("/datasets/{dataset_id}", status_code=204)
def delete_dataset(dataset_id: Id, request: Request) -> None:
    """Delete it with its files; 409 naming the runs while one uses it."""
    storage = state.storage(request)
    with state.database(request).session() as session:
        row = _find(session, dataset_id, lock=True)
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
        storage.doom_dataset(dataset_id)
        session.delete(row)
    storage.remove_dataset(dataset_id)


@router.get("/datasets/{dataset_id}/rows")
async def read_rows(
    dataset_id: Id,
    request: Request,
    offset: Annotated[int, Field(ge=0, le=2**53), DIGITS] = 0,
    limit: Annotated[int, Field(ge=1, le=1000), DIGITS] = 50,
) -> Rows:
    """A window of the rows. Images: columns are 'image' (its index) and 'label'."""
    description = await ingestion.ready(request, dataset_id)
    folder = str(state.storage(request).dataset(dataset_id))
    columns, rows = await state.engine(request).call("rows", folder, description, offset, limit)
    return Rows(offset=offset, total=description["rows"], columns=columns, rows=rows)


@router.get(
    "/datasets/{dataset_id}/images/{index}",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def read_image(dataset_id: Id, index: Whole, request: Request) -> Response:
    """One image as PNG, as the network sees it."""
    description = await ingestion.ready(request, dataset_id)
    if description["kind"] != "images" or not 0 <= index < description["rows"]:
        raise not_found("image", index)
    folder = str(state.storage(request).dataset(dataset_id))
    png = await state.engine(request).call("image", folder, index)
    # The pixels of a dataset never change.
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return Response(png, media_type="image/png", headers=headers)


@router.post("/datasets/{dataset_id}/augmented")
async def augment_images(
    dataset_id: Id, body: AugmentationRequest, request: Request
) -> AugmentedImages:
    """Images of the dataset as training with this augmentation would have them."""
    description = await ingestion.ready(request, dataset_id)
    if description["kind"] != "images":
        raise refuse(
            "augmentation_needs_images",
            "Expected a dataset of images, because what augmentation does is done to images, got a "
            "table. Choose a dataset of images.",
        )
    folder = str(state.storage(request).dataset(dataset_id))
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


def _patches(columns: list[ColumnPatch]) -> list[dict[str, Any]]:
    return [column.model_dump(exclude_none=True) for column in columns]


def _find(session: Session, id: UUID, lock: bool = False) -> DatasetRow:
    row = session.get(DatasetRow, id, with_for_update=lock or None)
    if row is None:
        raise not_found("dataset", id)
    return row


def _summary(row: DatasetRow) -> dict[str, Any]:
    known = row.description or {}
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state,
        "progress": row.progress,
        "error": row.error,
        "kind": known.get("kind"),
        "rows": known.get("rows"),
        "sample": row.sample,
        "created_at": row.created_at,
    }


def _answer(row: DatasetRow) -> Dataset:
    known = Description.model_validate(row.description) if row.description else None
    return Dataset(**_summary(row), description=known)
