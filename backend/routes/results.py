"""What a run leaves: its evaluation, its predictions, its files."""

from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from pydantic import Field, ValidationError
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from backend import state, upload
from backend.database.tables import EventRow, RunRow
from backend.documents.results import Evaluation, Predictions, PredictRequest
from backend.errors import ApiError, not_found, of_validation
from backend.parameters import DIGITS, Id
from backend.responses import MadeFile
from backend.strict import StrictRoute, content_type, read_json
from models.data.options import ReadingOptions
from models.errors import refuse
from models.export.history import history_csv

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)

Download = Literal[
    "bundle.zip",
    "weights.safetensors",
    "state_dict.pt",
    "model.onnx",
    "program.pt2",
    "model.keras",
    "pytorch.py",
    "keras.py",
    "architecture.json",
    "history.csv",
]
MEDIA = {
    ".zip": "application/zip",
    ".py": "text/x-python",
    ".json": "application/json",
    ".csv": "text/csv",
}
PREDICT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": PredictRequest.model_json_schema()},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "title": "PredictUpload",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "options": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "contentSchema": ReadingOptions.model_json_schema(),
                    },
                },
                "required": ["file"],
            }
        },
    },
}
WITHOUT_MODEL = frozenset({"architecture.json", "history.csv", "pytorch.py", "keras.py"})
WEIGHTS = "weights.safetensors"
"""Written last: where it is, the model is whole."""


@router.get("/{run_id}/evaluation")
async def evaluate_run(
    run_id: Id, request: Request, split: Literal["train", "validation", "test"] = "test"
) -> Evaluation:
    """The model on one part of the data."""
    row = await run_in_threadpool(_find, request, run_id)
    folder = _model_folder(request, row)
    dataset = _dataset_folder(request, row)
    report = await state.engine(request).call(
        "evaluate", str(dataset), str(folder), _made_of(row), split
    )
    return Evaluation.model_validate(report)


@router.post(
    "/{run_id}/predict",
    response_model=Predictions,
    responses={200: {"content": {"text/csv": {}}, "description": "All of them with format=csv"}},
    openapi_extra={"requestBody": PREDICT_BODY},
)
async def predict(
    run_id: Id,
    request: Request,
    limit: Annotated[
        int, Field(ge=1, le=1000, description="How many rows of a file are told"), DIGITS
    ] = 1000,
    format: Annotated[
        Literal["json", "csv"],
        Query(description="csv: all rows of the file with the predictions beside them"),
    ] = "json",
) -> Predictions | Response:
    """The model on rows that are sent along, as JSON or in a file.

    A file is a CSV file that has the model's columns by name, or an image, or a zip of images.
    """
    row = await run_in_threadpool(_find, request, run_id)
    folder = _model_folder(request, row)
    if content_type(request) == "multipart/form-data":
        return await _predict_file(request, row, folder, limit, format)
    body = await _read_rows(request)
    if format != "json":
        raise refuse(
            "invalid",
            "Expected format=json for rows sent as JSON, got csv. Leave it out, or send a file.",
            path=["query", "format"],
        )
    if (body.rows is None) == (body.row is None):
        found = "neither" if body.rows is None else "both"
        raise refuse("invalid", f"Expected rows or a row, got {found}.", path=["rows"])
    if body.row is not None:
        dataset = str(_dataset_folder(request, row))
        told = await state.engine(request).call(
            "predict_row", dataset, str(folder), row.description, body.row
        )
    else:
        told = await state.engine(request).call("predict", str(folder), body.rows)
    return Predictions.model_validate(told)


@router.get(
    "/{run_id}/download/{what}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}},
)
async def download(
    run_id: Id,
    what: Annotated[Download, PathParameter(description="Which file")],
    request: Request,
) -> Response:
    """A file of the run."""
    row = await run_in_threadpool(_find, request, run_id)
    if what not in WITHOUT_MODEL:
        _model_folder(request, row)
    history = await run_in_threadpool(_history, request, row)
    storage = state.storage(request)
    made = storage.new_upload()
    try:
        await state.engine(request).call(
            "export",
            what,
            str(storage.run(run_id)),
            {**_made_of(row), "history": history},
            str(made),
        )
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    media_type = MEDIA.get(Path(what).suffix, "application/octet-stream")
    return MadeFile(made, media_type=media_type, filename=what)


async def _read_rows(request: Request) -> PredictRequest:
    document = await read_json(request)
    try:
        return PredictRequest.model_validate(document)
    except ValidationError as error:
        raise of_validation(error, document) from error


async def _predict_file(
    request: Request, row: RunRow, folder: Path, limit: int, format: str
) -> Predictions | Response:
    storage = state.storage(request)
    async with upload.receive(request, storage.new_upload()) as form:
        options = upload.read_options(form, ReadingOptions)
        made = storage.new_upload() if format == "csv" else None
        try:
            told = await state.engine(request).call(
                "predict_file",
                str(folder),
                (str(form.path), form.filename),
                options.model_dump(mode="json"),
                row.description,
                state.settings(request).ingest_memory_bytes,
                limit,
                None if made is None else str(made),
            )
        except BaseException:
            if made is not None:
                made.unlink(missing_ok=True)
            raise
    if made is not None:
        return MadeFile(made, media_type=MEDIA[".csv"], filename="predictions.csv")
    return Predictions.model_validate(told)


def _find(request: Request, id: UUID) -> RunRow:
    with state.database(request).reading() as session:
        row = session.get(RunRow, id)
    if row is None:
        raise not_found("run", id)
    return row


def _made_of(row: RunRow) -> dict[str, Any]:
    return {
        "architecture": row.architecture,
        "description": row.description,
        "recipe": row.recipe,
    }


def _dataset_folder(request: Request, row: RunRow) -> Path:
    folder = state.storage(request).dataset(row.dataset_id, row.dataset_version)
    if not folder.is_dir():
        raise ApiError(
            409,
            "dataset_deleted",
            f"Expected the dataset of Run {row.number}, {row.dataset_name!r}, got none: it was "
            "deleted. Predictions from rows that you send, and downloads, still work.",
        )
    return folder


def _model_folder(request: Request, row: RunRow) -> Path:
    folder = state.storage(request).run(row.id)
    if not (folder / WEIGHTS).is_file():
        raise ApiError(
            409,
            "no_model",
            f"Expected a run that left a model, got Run {row.number}, which is {row.state} and has "
            "none. Wait until it is finished, or start another.",
        )
    return folder


def _history(request: Request, row: RunRow) -> str:
    curves = (
        select(EventRow.data)
        .where(EventRow.run_id == row.id, EventRow.kind == "metrics")
        .order_by(EventRow.seq)
    )
    with state.database(request).reading() as session:
        return history_csv(session.scalars(curves))
