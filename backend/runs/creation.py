"""From a request to a queued run: everything is decided and checked before there is a row."""

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from backend import state
from backend.database.counters import next_number
from backend.database.engine import Database
from backend.database.holding import hold_dataset
from backend.database.tables import RunRow, VersionRow
from backend.documents.architectures import CheckAnswer
from backend.errors import ApiError, not_found, of_problems
from backend.runs import log
from backend.runs.decision import Columns
from models.errors import Document
from models.training.events import Status


def digest(body: Document, about: str = "") -> str:
    """Return what two requests have in common exactly when they ask for the same.

    Args:
        about: the id of what the request is about, where its address names one.
    """
    plain = json.dumps(body.model_dump(mode="json"), sort_keys=True) + about
    return hashlib.sha256(plain.encode()).hexdigest()


async def once(
    request: Request,
    key: str | None,
    request_hash: str,
    decide: Callable[[], Columns],
    insert: Callable[[Columns], RunRow],
) -> RunRow:
    """Return the run that an earlier request with this key made, or queue the one that is decided.

    Raises:
        ApiError: 422 when the key was used for something else, or with what the check found.
        DocumentError: what is asked for cannot be decided.
    """
    database = state.database(request)
    if key is not None:
        same = await run_in_threadpool(find_same, database, key, request_hash)
        if same is not None:
            return same
    columns = await run_in_threadpool(decide)
    engine = state.engine(request)
    asked = (columns["architecture"], columns["description"], columns["recipe"])
    checked = CheckAnswer.model_validate_json(await engine.call("check", *asked))
    refuse_problems(checked)
    await engine.call("check_fits", *asked)
    columns |= {
        "parameters": checked.parameters,
        "idempotency_key": key,
        "request_hash": request_hash,
    }
    row = await run_in_threadpool(insert, columns)
    state.queue(request).wake()
    return row


def find_same(database: Database, key: str, request_hash: str) -> RunRow | None:
    """Return the run that an earlier request with this key made.

    Raises:
        ApiError: 422 when that request asked for something else.
    """
    with database.reading() as session:
        row = session.scalar(select(RunRow).where(RunRow.idempotency_key == key))
    if row is not None and row.request_hash != request_hash:
        raise ApiError(
            422,
            "idempotency_key_reused",
            f"Expected the Idempotency-Key of a new request or the same body as before, got a key "
            f"that made Run {row.number} from another body. Use a new key.",
        )
    return row


def refuse_problems(report: CheckAnswer) -> None:
    """Refuse an architecture that cannot be trained.

    Raises:
        ApiError: 422 with every problem, the errors first.
    """
    if not report.ok:
        raise of_problems(sorted(report.problems, key=lambda p: p.severity != "error"))


def insert(
    database: Database,
    columns: Columns,
    before: Callable[[Session, Columns], Columns] | None = None,
) -> RunRow:
    """Queue a run with the next number, and return its row; see `insert_all`.

    Args:
        before: what else is saved together with the run, or not at all; returns its columns.
    """
    return insert_all(database, [columns], before)[0]


def insert_all(
    database: Database,
    every: list[Columns],
    before: Callable[[Session, Columns], Columns] | None = None,
) -> list[RunRow]:
    """Queue runs on the same data with the next numbers, all or none, and return their rows.

    When another request with the key of the first was quicker, the run that it made is returned.

    Raises:
        ApiError: 404 when the dataset, or the version of it, was deleted meanwhile.
    """
    first = every[0]
    key, request_hash = first.get("idempotency_key"), first.get("request_hash")
    try:
        with database.session() as session:
            if not hold_dataset(session, first["dataset_id"]):
                raise not_found("dataset", first["dataset_id"])
            version = (first["dataset_id"], first["dataset_version"])
            if session.get(VersionRow, version) is None:
                raise not_found("version of the dataset", first["dataset_version"])
            saved = [before(session, columns) for columns in every] if before else every
            return [_queue(session, columns) for columns in saved]
    except IntegrityError:
        if key is None:
            raise
        same = find_same(database, key, request_hash or "")
        if same is None:
            raise
        return [same]


def _queue(session: Session, columns: Columns) -> RunRow:
    row = RunRow(**{"id": uuid4(), "state": "queued", "message": "", **columns})
    row.number = next_number(session, "runs")
    session.add(row)
    session.flush()
    queued = Status(state="queued", message="Waiting for a free worker")
    log.append(session.connection(), row.id, row.attempt, [queued])
    session.refresh(row)
    return row
