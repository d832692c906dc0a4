"""Runs: start, list, watch, pause, resume, stop, delete."""

from functools import partial, reduce
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from backend import state
from backend.database.tables import RunRow
from backend.documents.base import Page
from backend.documents.events import Events
from backend.documents.runs import ResumeRequest, Run, RunPatch, RunRequest, RunSummary
from backend.errors import ApiError, not_found
from backend.pages import page
from backend.parameters import DIGITS, MAX_SEQ, Cursor, Id, Key, Limit, Search
from backend.runs import answers, control, creation, decision, files, log
from backend.strict import StrictRoute
from models.data.description import Description
from models.training.events import TERMINAL

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)


_SEEN = (RunRow.network_name, RunRow.dataset_name, RunRow.state, RunRow.message)
_TEXT = reduce(
    lambda text, column: text + " " + column, _SEEN, "run " + cast(RunRow.number, String)
)
"""What a run is found by."""


@router.post("", status_code=201)
async def create_run(
    body: RunRequest, request: Request, response: Response, idempotency_key: Key = None
) -> Run:
    """Queue a run. The same `Idempotency-Key` with the same body answers with the same run."""
    database = state.database(request)
    row = await creation.once(
        request,
        idempotency_key,
        creation.digest(body),
        partial(decision.decide, database, body),
        partial(creation.insert, database),
    )
    response.headers["Location"] = f"/api/runs/{row.id}"
    return answers.full(row)


@router.get("")
def list_runs(
    request: Request,
    limit: Limit = 50,
    cursor: Cursor = None,
    network_id: Id | None = None,
    dataset_id: Id | None = None,
    parent_id: Id | None = None,
    cross_validation_id: Id | None = None,
    search: Search = None,
) -> Page[RunSummary]:
    """Runs, newest first; with `parent_id` those that were forked from a run.

    With `search` those that have all its words in their number, the names of their network and
    dataset, their state or their message, in capitals or not.
    """
    query = select(RunRow).options(answers.IN_LISTS)
    for word in (search or "").split():
        query = query.where(_TEXT.icontains(word, autoescape=True))
    if network_id is not None:
        query = query.where(RunRow.network_id == network_id)
    if dataset_id is not None:
        query = query.where(RunRow.dataset_id == dataset_id)
    if parent_id is not None:
        query = query.where(RunRow.parent_id == parent_id)
    if cross_validation_id is not None:
        query = query.where(RunRow.cross_validation_id == cross_validation_id)
    with state.database(request).reading() as session:
        rows, rest = page(session, query, (RunRow.number,), limit, cursor)
    return Page(items=[answers.summary(row) for row in rows], next_cursor=rest)


@router.get("/{run_id}")
def read_run(run_id: Id, request: Request) -> Run:
    """A run with its architecture and its recipe in full."""
    with state.database(request).reading() as session:
        return answers.full(_find(session, run_id))


@router.get("/{run_id}/description")
def read_description(run_id: Id, request: Request) -> Description:
    """What was known of the dataset when the run began: kept with it, also without the dataset."""
    with state.database(request).reading() as session:
        return Description.model_validate(_find(session, run_id).description)


@router.patch("/{run_id}")
def change_run(run_id: Id, body: RunPatch, request: Request) -> Run:
    """Change the learning rate or what ends the training while the run is at it.

    It is taken up at the next step, when a `change` event tells so. 409 where the run has ended.
    """
    with state.database(request).session() as session:
        row = _find(session, run_id, lock=True)
        control.change(session, row, body.recipe)
        session.refresh(row)
    return answers.full(row)


@router.delete("/{run_id}", status_code=204)
def delete_run(run_id: Id, request: Request) -> None:
    """Delete a finished run with its events and its model; 409 while it is not finished."""
    with state.database(request).reading() as session:
        row = _find(session, run_id)
    if row.state not in TERMINAL:
        raise ApiError(
            409,
            "run_not_finished",
            f"Expected a finished run, got Run {row.number}, which is {row.state}. Stop it first.",
        )
    # A finished run stays finished, so nothing can come between the look and the deed.
    files.remove(state.database(request), state.storage(request), run_id)


@router.post("/{run_id}/stop")
def stop_run(run_id: Id, request: Request) -> Run:
    """Ask the run to stop at the next step, keeping its model. Twice gives the same answer."""
    with state.database(request).session() as session:
        row = _find(session, run_id, lock=True)
        control.stop(session, row)
        session.refresh(row)
    return answers.full(row)


@router.post("/{run_id}/pause")
def pause_run(run_id: Id, request: Request) -> Run:
    """Ask the run to pause at the next step, freeing its cores; 409 where it has ended.

    Twice gives the same answer.
    """
    with state.database(request).session() as session:
        row = _find(session, run_id, lock=True)
        control.pause(session, row)
        session.refresh(row)
    return answers.full(row)


@router.post("/{run_id}/resume")
def resume_run(run_id: Id, request: Request, body: ResumeRequest | None = None) -> Run:
    """Go on with a run that paused, stopped or failed, or for more epochs with a completed one.

    409 where it runs or waits already, or where nothing is left to go on from.
    """
    with state.database(request).session() as session:
        row = _find(session, run_id, lock=True)
        checkpoint = state.storage(request).run(run_id) / files.CHECKPOINT
        control.resume(session, row, checkpoint, body.epochs if body else None)
        session.refresh(row)
    state.queue(request).wake()
    return answers.full(row)


@router.get("/{run_id}/events", response_model=Events)
def read_events(
    run_id: Id,
    request: Request,
    after: Annotated[int, Field(ge=0, le=MAX_SEQ), DIGITS] = 0,
    limit: Annotated[int, Field(ge=1, le=log.PAGE), DIGITS] = log.PAGE,
) -> Response:
    """The events with `seq` > `after`, oldest first."""
    with state.database(request).reading() as session:
        # The state first: one that is final is never told without the event that made it so.
        present = _find(session, run_id).state
        entries = log.read(session.connection(), run_id, after, limit)
    events = ",".join(entry.text for entry in entries)
    return Response(f'{{"events":[{events}],"state":"{present}"}}', media_type="application/json")


def _find(session: Session, id: UUID, lock: bool = False) -> RunRow:
    row = session.get(RunRow, id, with_for_update=lock or None)
    if row is None:
        raise not_found("run", id)
    return row
