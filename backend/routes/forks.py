"""Forks: a run again with some changes, as the doctor or anyone else proposes them."""

from functools import partial

from fastapi import APIRouter, Request, Response

from backend import state
from backend.documents.runs import ForkRequest, Run
from backend.parameters import Id, Key
from backend.runs import answers, creation, forks
from backend.strict import StrictRoute

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)


@router.post("/{run_id}/fork", status_code=201)
async def fork_run(
    run_id: Id,
    body: ForkRequest,
    request: Request,
    response: Response,
    idempotency_key: Key = None,
) -> Run:
    """Queue a run of what this one trained, changed by a finding's fix or by any changes.

    A changed architecture becomes a new revision of the run's network, or a network of its own
    where that has moved on. The same `Idempotency-Key` with the same body forks once.
    """
    database, storage = state.database(request), state.storage(request)
    row = await creation.once(
        request,
        idempotency_key,
        creation.digest(body, str(run_id)),
        partial(forks.decide, database, storage, run_id, body),
        partial(forks.create, database, storage),
    )
    response.headers["Location"] = f"/api/runs/{row.id}"
    return answers.full(row)
