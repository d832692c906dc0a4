"""What a run leaves: its evaluation, its predictions, its files."""

from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from backend import state
from backend.database.tables import EventRow, RunRow
from backend.documents import Evaluation, Predictions, PredictRequest
from backend.errors import ApiError, not_found
from backend.parameters import Id
from backend.responses import MadeFile
from backend.strict import StrictRoute
from models.export.history import history_csv

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)

Download = Literal[
    "bundle.zip",
    "weights.safetensors",
    "state_dict.pt",
    "model.onnx",
    "program.pt2",
    "pytorch.py",
    "architecture.json",
    "history.csv",
]
MEDIA = {
    ".zip": "application/zip",
    ".py": "text/x-python",
    ".json": "application/json",
    ".csv": "text/csv",
}
WITHOUT_MODEL = frozenset({"architecture.json", "history.csv", "pytorch.py"})
WEIGHTS = "weights.safetensors"
"""Written last: where it is, the model is whole."""


@router.get("/{run_id}/evaluation")
async def evaluate_run(
    run_id: Id, request: Request, split: Literal["train", "validation", "test"] = "test"
) -> Evaluation:
    """The model on one part of the data."""
    row = await run_in_threadpool(_find, request, run_id)
    folder = _model_folder(request, row)
    dataset = state.storage(request).dataset(row.dataset_id)
    if not dataset.is_dir():
        raise ApiError(
            409,
            "dataset_deleted",
            f"Expected the dataset of Run {row.number}, {row.dataset_name!r}, got none: it was "
            "deleted. Predictions and downloads still work.",
        )
    report = await state.engine(request).call(
        "evaluate", str(dataset), str(folder), _made_of(row), split
    )
    return Evaluation.model_validate(report)


@router.post("/{run_id}/predict")
async def predict(run_id: Id, body: PredictRequest, request: Request) -> Predictions:
    """The model on rows that are sent along."""
    row = await run_in_threadpool(_find, request, run_id)
    folder = _model_folder(request, row)
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
