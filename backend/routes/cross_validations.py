"""Cross-validations: start, read, stop, delete."""

from functools import partial

from fastapi import APIRouter, Request, Response

from backend import state
from backend.database.tables import RunRow
from backend.documents.cross_validations import CrossValidation, CrossValidationRequest
from backend.errors import ApiError
from backend.parameters import Id, Key
from backend.runs import control, creation, files, folds
from backend.strict import StrictRoute
from models.training.events import TERMINAL

router = APIRouter(prefix="/cross-validations", tags=["runs"], route_class=StrictRoute)


@router.post("", status_code=201)
async def cross_validate(
    body: CrossValidationRequest, request: Request, response: Response, idempotency_key: Key = None
) -> CrossValidation:
    """Queue a run for each fold. The same `Idempotency-Key` with the same body queues them once."""
    database = state.database(request)
    first: RunRow = await creation.once(
        request,
        idempotency_key,
        creation.digest(body, "folds"),
        partial(folds.decide, database, body),
        partial(folds.insert, database),
    )
    id = first.cross_validation_id
    assert id is not None
    response.headers["Location"] = f"/api/cross-validations/{id}"
    return read_cross_validation(id, request)


@router.get("/{cross_validation_id}")
def read_cross_validation(cross_validation_id: Id, request: Request) -> CrossValidation:
    """The runs of all folds, and the mean and standard deviation of every metric over them."""
    with state.database(request).reading() as session:
        return folds.answer(cross_validation_id, folds.find(session, cross_validation_id))


@router.post("/{cross_validation_id}/stop")
def stop_cross_validation(cross_validation_id: Id, request: Request) -> CrossValidation:
    """Ask the runs of all folds to stop. Twice gives the same answer."""
    with state.database(request).session() as session:
        rows = folds.find(session, cross_validation_id, lock=True)
        for row in rows:
            control.stop(session, row)
            session.refresh(row)
    return folds.answer(cross_validation_id, rows)


@router.delete("/{cross_validation_id}", status_code=204)
def delete_cross_validation(cross_validation_id: Id, request: Request) -> None:
    """Delete the runs of all folds with their models; 409 while one is not finished."""
    database = state.database(request)
    with database.reading() as session:
        rows = folds.find(session, cross_validation_id)
    if waiting := [row for row in rows if row.state not in TERMINAL]:
        names = ", ".join(f"Run {row.number}" for row in waiting)
        raise ApiError(
            409, "run_not_finished", f"Expected finished runs, got {names} at it. Stop them first."
        )
    for row in rows:
        files.remove(database, state.storage(request), row.id)
