"""Watchers of a run get every event once, in order, whenever they come and however slow."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from backend.database.engine import Database
from backend.database.tables import EventRow, RunRow
from backend.runs import live as live_module
from backend.runs import log
from backend.runs.live import Live, UnknownRun
from models.training.events import Status
from tests.backend.runs.rows import add_run, append, epoch, read

DONE = Status(state="completed")


@contextlib.asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Live]:
    live = Live(database)
    try:
        yield live
    finally:
        await live.close()


async def collect(
    live: Live, run: UUID, after: int = 0, pause: float = 0, seen: list[int] | None = None
) -> list[int]:
    """Return the numbers of all that a watcher gets until the end; `seen` shows them before."""
    found = [] if seen is None else seen
    async for entries in live.watch(run, after):
        found += [entry.seq for entry in entries]
        await asyncio.sleep(pause)
    return found


async def write(database: Database, run: UUID, batches: int = 20) -> None:
    """Append two events at a time, and then the end."""
    for number in range(1, batches + 1):
        await asyncio.to_thread(append, database, run, epoch(number, 0.1), epoch(number, 0.2))
    await asyncio.to_thread(append, database, run, DONE)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another task does."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def test_watchers_who_come_at_any_time_get_everything_once(database: Database):
    run = add_run(database)

    async def watch() -> list[list[int]]:
        async with opened(database) as live:
            early = asyncio.create_task(collect(live, run))
            writing = asyncio.create_task(write(database, run))
            await until(lambda: len(read(database, run)) > 11)
            late = asyncio.create_task(collect(live, run))
            again = asyncio.create_task(collect(live, run, after=7))
            await writing
            return [*await asyncio.gather(early, late, again), await collect(live, run)]

    early, late, again, afterwards = asyncio.run(watch())
    assert early == late == afterwards == list(range(1, 43))
    assert again == list(range(8, 43))


def test_a_watcher_too_slow_for_what_is_remembered_misses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_module, "REMEMBERED", 5)
    monkeypatch.setattr(live_module, "PAGE", 7)
    run = add_run(database)

    async def watch() -> tuple[list[int], list[int]]:
        async with opened(database) as live:
            slow = asyncio.create_task(collect(live, run, pause=0.15))
            quick = asyncio.create_task(collect(live, run))
            await write(database, run)
            return await slow, await quick

    slow, quick = asyncio.run(watch())
    assert slow == quick == list(range(1, 43))


def test_an_event_is_read_once_however_many_watch(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    times_read: Counter[int] = Counter()
    reading = log.read

    def counted(*args: Any) -> list[log.Entry]:
        entries = reading(*args)
        times_read.update(entry.seq for entry in entries)
        return entries

    async def watch(watchers: int) -> None:
        run = add_run(database)
        seen: list[list[int]] = [[] for _ in range(watchers)]
        async with opened(database) as live:
            tasks = [asyncio.create_task(collect(live, run, seen=found)) for found in seen]
            await until(lambda: all(seen))
            await write(database, run)
            await asyncio.gather(*tasks)
        assert seen == [list(range(1, 43))] * watchers

    monkeypatch.setattr(live_module.log, "read", counted)
    asyncio.run(watch(30))
    # What was stored before they came each reads for itself; all that happens since is read once.
    assert times_read.pop(1) <= 30
    assert times_read == Counter(range(2, 43))


def test_a_watcher_who_knows_all_of_a_finished_run_gets_the_end_at_once(database: Database):
    run = add_run(database)
    append(database, run, DONE)

    async def watch() -> list[int]:
        async with opened(database) as live:
            return await collect(live, run, after=2)

    assert asyncio.run(watch()) == []


def test_an_unknown_run_cannot_be_watched(database: Database):
    async def watch() -> None:
        async with opened(database) as live:
            await live.check(uuid4())

    with pytest.raises(UnknownRun):
        asyncio.run(watch())


def test_watchers_of_a_deleted_run_are_let_go(database: Database):
    run = add_run(database)

    def remove() -> None:
        with database.session() as session:
            session.execute(delete(EventRow).where(EventRow.run_id == run))
            session.execute(delete(RunRow).where(RunRow.id == run))

    async def watch() -> list[int]:
        async with opened(database) as live:
            watching = asyncio.create_task(collect(live, run))
            await until(lambda: run in live._feeds)
            await asyncio.to_thread(remove)
            async with asyncio.timeout(10):
                return await watching

    assert asyncio.run(watch()) in ([], [1])


def test_nobody_reads_a_run_that_nobody_watches(database: Database):
    run = add_run(database)

    async def watch() -> None:
        async with opened(database) as live:
            watching = asyncio.create_task(collect(live, run))
            await until(lambda: run in live._feeds)
            reader = live._feeds[run].task
            assert reader is not None
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await until(reader.done)

    asyncio.run(watch())
