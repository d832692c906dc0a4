"""The clock of the machine is set: events, watchers and lists do not mind."""

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from backend.database.engine import Database
from backend.runs import log
from backend.runs.live import Live
from models.training.events import Status
from tests.backend.runs.rows import add_run, append, epoch, read, row

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
JUMPS = [timedelta(), timedelta(days=-1), timedelta(days=2), timedelta(days=-400), timedelta()]
"""Where the clock stands at each append, against noon."""


@pytest.fixture
def jumping(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that jumps at every look."""
    times = iter([NOON + jump for jump in JUMPS * 3])
    monkeypatch.setattr(log, "now", lambda: next(times))


@pytest.fixture
def run(database: Database, jumping: None) -> UUID:
    """A run of five appends, each at another time."""
    run = add_run(database)
    append(database, run, Status(state="running"))
    append(database, run, epoch(1, 0.5), epoch(2, 0.4))
    append(database, run, epoch(3, 0.3))
    append(database, run, Status(state="completed"))
    return run


def test_events_keep_their_order_and_their_numbers(database: Database, run: UUID):
    told = [json.loads(entry.text) for entry in read(database, run)]
    assert [event["seq"] for event in told] == [1, 2, 3, 4, 5, 6]
    times = [datetime.fromisoformat(event["time"]) for event in told]
    assert times != sorted(times)
    assert [event.get("epoch") for event in told] == [None, None, 1, 2, 3, None]
    for after in range(7):
        assert [entry.seq for entry in read(database, run, after)] == list(range(after + 1, 7))
    assert row(database, run).epoch == 3


def test_a_watcher_gets_every_event_once_and_in_order(database: Database, run: UUID):
    async def watch() -> list[int]:
        live = Live(database)
        try:
            async with asyncio.timeout(60), aclosing(live.watch(run, 0)) as batches:
                return [entry.seq async for batch in batches for entry in batch]
        finally:
            await live.close()

    assert asyncio.run(watch()) == [1, 2, 3, 4, 5, 6]


def test_runs_are_numbered_in_the_order_in_which_they_were_asked_for(
    database: Database, jumping: None
):
    runs = [add_run(database, created_at=NOON + jump) for jump in JUMPS]
    assert [row(database, run).number for run in runs] == [1, 2, 3, 4, 5]
