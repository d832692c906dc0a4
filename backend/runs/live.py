"""A run's events as they happen, for any number of watchers.

Each watched run is read by one poller per process. A watcher keeps nothing but the number of the
last event it passed on: what it needs next is among those that the poller remembers, or is read
from the log. So replay and live are one thing, and a slow watcher holds no memory.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select

from backend.database.engine import Database
from backend.database.tables import RunRow
from backend.runs import log
from backend.runs.log import Entry
from models.training.events import TERMINAL

logger = logging.getLogger("neuroloom")

POLL_SECONDS = 0.01
"""Between a read that found events and the next look for more."""
IDLE_SECONDS = 0.1
"""Between looks while a run has nothing to say, as when it waits in the queue."""
SLOWER = 1.15
"""How much longer each look that finds nothing makes the wait for the next."""
RETRY_SECONDS = 1.0
"""Between looks while the database does not answer."""
REMEMBERED = 5_000
PAGE = 2_000

_NEWEST = select(RunRow.last_seq).where(RunRow.id == bindparam("run_id"))
"""The number of a run's last event: told in a fifth of the time that reading takes."""

T = TypeVar("T")


class UnknownRun(LookupError):
    """There is no run of this id."""


class Live:
    """The pollers of this process."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._feeds: dict[UUID, _Feed] = {}
        # Its own threads, so that no slow request elsewhere holds up the events.
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="live")

    async def check(self, run_id: UUID) -> None:
        """Return when there is such a run.

        Raises:
            UnknownRun: there is none.
        """
        if run_id not in self._feeds:
            await self.call(lambda: self._position(run_id))

    async def watch(self, run_id: UUID, after: int) -> AsyncGenerator[list[Entry]]:
        """Yield the events with `seq` > `after`, oldest first, until the one that ends the run.

        First those stored, then each new one as it happens; nothing twice, nothing missing.

        Raises:
            UnknownRun: at the first step.
        """
        feed = await self._join(run_id)
        try:
            while True:
                # Taken before looking, so that no event between the look and the wait is missed.
                news = feed.news
                entries = feed.after(after)
                if entries is None:
                    entries = await self.call(partial(self._read, run_id, after))
                if entries:
                    yield entries
                    after = entries[-1].seq
                elif feed.ended:
                    return
                else:
                    await news.wait()
        finally:
            self._leave(run_id, feed)

    async def close(self) -> None:
        """Stop reading."""
        for feed in self._feeds.values():
            if feed.task is not None:
                feed.task.cancel()
        await asyncio.to_thread(self._threads.shutdown)

    async def call(self, function: Callable[[], T]) -> T:
        """Do what waits for the database without holding up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    async def _join(self, run_id: UUID) -> "_Feed":
        if run_id not in self._feeds:
            cursor, ended = await self.call(lambda: self._position(run_id))
            if run_id not in self._feeds:
                feed = self._feeds[run_id] = _Feed(cursor, ended)
                if not ended:
                    feed.task = asyncio.create_task(self._poll(run_id, feed))
        feed = self._feeds[run_id]
        feed.watchers += 1
        return feed

    def _leave(self, run_id: UUID, feed: "_Feed") -> None:
        feed.watchers -= 1
        if feed.watchers == 0:
            if self._feeds.get(run_id) is feed:
                del self._feeds[run_id]
            if feed.task is not None:
                feed.task.cancel()

    async def _poll(self, run_id: UUID, feed: "_Feed") -> None:
        pause = POLL_SECONDS
        while not feed.ended:
            try:
                entries = await self.call(lambda: self._look(run_id, feed.cursor))
            except UnknownRun:
                feed.end()
            except Exception:
                # Whatever it was, the watchers are still there, and the log will be read again.
                logger.exception("could not read the events of run %s; trying again", run_id)
                pause = RETRY_SECONDS
            else:
                pause = POLL_SECONDS if entries else min(IDLE_SECONDS, pause * SLOWER)
                feed.add(entries)
            await asyncio.sleep(pause)

    def _look(self, run_id: UUID, after: int) -> list[Entry]:
        """Return what is new, in one transaction with the look whether there is anything."""
        with self.database.engine.connect() as connection:
            newest = connection.scalar(_NEWEST, {"run_id": run_id})
            if newest is None:
                raise UnknownRun(str(run_id))
            return log.read(connection, run_id, after, PAGE) if newest > after else []

    def _read(self, run_id: UUID, after: int) -> list[Entry]:
        with self.database.reading() as session:
            return log.read(session.connection(), run_id, after, PAGE)

    def _position(self, run_id: UUID) -> tuple[int, bool]:
        with self.database.reading() as session:
            row = session.execute(
                select(RunRow.last_seq, RunRow.state).where(RunRow.id == run_id)
            ).one_or_none()
        if row is None:
            raise UnknownRun(str(run_id))
        return row.last_seq, row.state in TERMINAL


class _Feed:
    """What one poller knows: the newest events, and whether there will be more."""

    def __init__(self, cursor: int, ended: bool) -> None:
        self.cursor = cursor
        self.ended = ended
        self.watchers = 0
        self.task: asyncio.Task[None] | None = None
        self.news = asyncio.Event()
        self._recent: deque[Entry] = deque(maxlen=REMEMBERED)

    def add(self, entries: list[Entry]) -> None:
        """Take in new events and wake the watchers."""
        if not entries:
            return
        self._recent.extend(entries)
        self.cursor = entries[-1].seq
        self.ended = entries[-1].last
        self._wake()

    def end(self) -> None:
        """Tell the watchers that there will be no more."""
        self.ended = True
        self._wake()

    def after(self, seq: int) -> list[Entry] | None:
        """Return the remembered events after `seq`; None when older ones are needed."""
        if seq >= self.cursor:
            return []
        missing = self.cursor - seq
        if missing > len(self._recent):
            return None
        return list(islice(self._recent, len(self._recent) - missing, None))

    def _wake(self) -> None:
        news, self.news = self.news, asyncio.Event()
        news.set()
