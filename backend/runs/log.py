"""The event log: the one channel between a worker and everyone who watches its run.

Works on a connection, so that an append stands in one transaction with whatever belongs to it.
An append takes the run's row first: that lock gives the events their numbers, in order and without
a gap, and lets a reader see number n only when n - 1 is there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, Text, and_, cast, insert, select, update

from backend.database.tables import EventRow, RunRow, now
from backend.runs.summary import Summary
from models.training.events import TERMINAL, Event, Status

PAGE = 100_000

_SUMMARY = [getattr(RunRow, name) for name in Summary.__dataclass_fields__]


class Superseded(Exception):
    """The run is not this attempt's: it has ended, another attempt holds it, or it is gone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is sent: `text` is its JSON with `seq` and `time`."""

    seq: int
    text: str
    last: bool
    """True for the status that ends the run."""


def append(
    connection: Connection,
    run_id: UUID,
    attempt: int,
    events: Sequence[Event],
    changes: Mapping[str, object] | None = None,
) -> int:
    """Append events in order, bring the run's row up to date, and return the last event's number.

    A worker's status other than its end is left out once a stop is wanted: a run that is stopping
    does not go back to running. One that would pause is stopped.

    Args:
        attempt: Which try of the run is speaking.
        changes: Other columns of the run's row to set in the same statement.

    Raises:
        Superseded: nothing was written.
    """
    held = (RunRow.id == run_id, RunRow.attempt == attempt, RunRow.state.not_in(TERMINAL))
    # An update that changes nothing takes the lock on both databases; a select would not on SQLite.
    row = connection.execute(
        update(RunRow)
        .where(*held)
        .values(attempt=attempt)
        .returning(RunRow.last_seq, RunRow.wanted, *_SUMMARY)
    ).one_or_none()
    if row is None:
        raise Superseded(f"Attempt {attempt} does not hold run {run_id}")
    values = list(row)
    last_seq, wanted = values[:2]
    summary = Summary(*values[2:])
    time = now()
    rows = []
    for event in events:
        if wanted == "stop" and isinstance(event, Status):
            if event.state in _BEFORE_STOPPING:
                continue
            if event.state == "paused":
                event = Status(state="stopped", message="Stopped while it paused")
        last_seq += 1
        rows.append(
            {
                "run_id": run_id,
                "seq": last_seq,
                "kind": event.kind,
                "time": time,
                "data": event.model_dump(mode="json"),
            }
        )
        summary.read(event, lambda: time)
    if rows:
        connection.execute(insert(EventRow), rows)
    connection.execute(
        update(RunRow)
        .where(RunRow.id == run_id)
        .values(**{"last_seq": last_seq, **asdict(summary), **(changes or {})})
    )
    return last_seq


_BEFORE_STOPPING = ("preparing", "running")


def read(connection: Connection, run_id: UUID, after: int = 0, limit: int = PAGE) -> list[Entry]:
    """Return at most `limit` events with `seq` > `after`, oldest first."""
    # The JSON goes from the table to the wire as it stands; only a status is looked into.
    rows = connection.execute(
        select(EventRow.seq, EventRow.kind, EventRow.time, cast(EventRow.data, Text))
        .where(and_(EventRow.run_id == run_id, EventRow.seq > after))
        .order_by(EventRow.seq)
        .limit(limit)
    )
    return [
        Entry(
            seq=seq,
            text=f'{{"seq": {seq}, "time": "{_rfc3339(time)}", {data[1:]}',
            last=kind == "status" and json.loads(data)["state"] in TERMINAL,
        )
        for seq, kind, time, data in rows
    ]


def take_back(
    connection: Connection,
    run_id: UUID,
    attempt: int,
    status: Status,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Take a run from the attempt that holds it or held it to its end, and give it a status.

    Its events go on where they ended. What a worker of that attempt still says is refused.

    Args:
        changes: Other columns of the run's row to set.
    """
    taken = {"state": "paused", "wanted": None, "attempt": attempt + 1, **(changes or {})}
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(taken))
    append(connection, run_id, attempt + 1, [status])


def kept_epoch(connection: Connection, run_id: UUID) -> int | None:
    """Return the epoch of the last checkpoint that the run can be resumed from."""
    data = connection.scalar(
        select(EventRow.data)
        .where(
            EventRow.run_id == run_id,
            EventRow.kind == "checkpoint",
            EventRow.data["best"].as_boolean().is_(False),
        )
        .order_by(EventRow.seq.desc())
        .limit(1)
    )
    return None if data is None else data["epoch"]


@lru_cache(maxsize=64)  # The events of an append share their time.
def _rfc3339(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
