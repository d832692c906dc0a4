"""Runs: start, watch, stop, evaluate, predict, download."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from backend.documents import (
    Evaluation,
    Events,
    Page,
    PredictRequest,
    Predictions,
    Run,
    RunRequest,
    RunSummary,
)

router = APIRouter(prefix="/runs", tags=["runs"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]
Download = Literal[
    "bundle.zip",
    "weights.safetensors",
    "state_dict.pt",
    "pytorch.py",
    "architecture.json",
    "history.csv",
]


@router.post("", status_code=201)
async def create_run(
    body: RunRequest, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
) -> Run:
    """Queue a run. The same `Idempotency-Key` with the same body answers with the same run."""
    raise NotImplementedError


@router.get("")
def list_runs(
    limit: Limit = 50,
    cursor: Cursor = None,
    network_id: UUID | None = None,
    dataset_id: UUID | None = None,
) -> Page[RunSummary]:
    """Runs, newest first."""
    raise NotImplementedError


@router.get("/{run_id}")
def read_run(run_id: UUID) -> Run:
    """A run with its architecture and its recipe in full."""
    raise NotImplementedError


@router.delete("/{run_id}", status_code=204)
def delete_run(run_id: UUID) -> None:
    """Delete a finished run with its events and its model; 409 while it is not finished."""
    raise NotImplementedError


@router.post("/{run_id}/stop")
def stop_run(run_id: UUID) -> Run:
    """Ask the run to stop at the next step, keeping its model. Twice gives the same answer."""
    raise NotImplementedError


@router.get("/{run_id}/events")
def read_events(
    run_id: UUID,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100_000,
) -> Events:
    """The events with `seq` > `after`, oldest first."""
    raise NotImplementedError


@router.get("/{run_id}/evaluation")
async def evaluate_run(
    run_id: UUID, split: Literal["train", "validation", "test"] = "test"
) -> Evaluation:
    """The model on one part of the data."""
    raise NotImplementedError


@router.post("/{run_id}/predict")
async def predict(run_id: UUID, body: PredictRequest) -> Predictions:
    """The model on rows that are sent along."""
    raise NotImplementedError


@router.get("/{run_id}/download/{what}", response_class=Response)
async def download(run_id: UUID, what: Download) -> Response:
    """A file of the finished run."""
    raise NotImplementedError
