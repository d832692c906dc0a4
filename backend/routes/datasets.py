"""Datasets: those that ship with the app and those that people upload."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from backend.documents import Dataset, DatasetPatch, DatasetSummary, Page, Rows, Sample

router = APIRouter(tags=["datasets"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]


@router.get("/samples")
def list_samples() -> list[Sample]:
    """Datasets that ship with the app."""
    raise NotImplementedError


@router.post("/datasets", status_code=201, responses={202: {"model": Dataset}})
async def create_dataset(request: Request, response: Response) -> Dataset:
    """Multipart `file` (+ `name`, `options` JSON), or JSON `{"sample": slug}`.

    A small file is read before the answer (201); a large one answers 202 with `state: "ingesting"`.
    """
    raise NotImplementedError


@router.get("/datasets")
def list_datasets(limit: Limit = 50, cursor: Cursor = None) -> Page[DatasetSummary]:
    """Datasets, newest first."""
    raise NotImplementedError


@router.get("/datasets/{dataset_id}")
def read_dataset(dataset_id: UUID) -> Dataset:
    """A dataset with everything known of it but its rows."""
    raise NotImplementedError


@router.patch("/datasets/{dataset_id}")
async def change_dataset(dataset_id: UUID, body: DatasetPatch) -> Dataset:
    """Rename it, or change kinds and roles of columns."""
    raise NotImplementedError


@router.delete("/datasets/{dataset_id}", status_code=204)
def delete_dataset(dataset_id: UUID) -> None:
    """Delete it with its files; 409 naming the runs while one uses it."""
    raise NotImplementedError


@router.get("/datasets/{dataset_id}/rows")
async def read_rows(
    dataset_id: UUID,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> Rows:
    """A window of the rows. Images: columns are 'image' (its index) and 'label'."""
    raise NotImplementedError


@router.get(
    "/datasets/{dataset_id}/images/{index}",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def read_image(dataset_id: UUID, index: int) -> Response:
    """One image as PNG, as the network sees it."""
    raise NotImplementedError
