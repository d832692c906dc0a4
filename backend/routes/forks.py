"""Forks: a run again with some changes, as the doctor or anyone else proposes them."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from backend import state
from backend.documents import CheckAnswer, ForkRequest, Run
from backend.parameters import Id
from backend.runs import answers, creation, forks
from backend.strict import StrictRoute

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)

Key = Annotated[str | None, Header(min_length=1, max_length=200)]


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
    request_hash = creation.digest(body)
    row = None
    if idempotency_key is not None:
        row = await run_in_threadpool(creation.find_same, database, idempotency_key, request_hash)
    if row is None:
        columns = await run_in_threadpool(forks.decide, database, storage, run_id, body)
        report = await state.engine(request).call(
            "check", columns["architecture"], columns["description"], columns["recipe"]
        )
        checked = CheckAnswer.model_validate(report)
        creation.refuse_problems(checked)
        columns |= {
            "parameters": checked.parameters,
            "idempotency_key": idempotency_key,
            "request_hash": request_hash,
        }
        row = await run_in_threadpool(forks.create, database, storage, columns)
        state.queue(request).wake()
    response.headers["Location"] = f"/api/runs/{row.id}"
    return answers.full(row)
