"""Starts queued runs, watches their workers, and tells of those that died. In the web process.

Workers are not the server's children to keep: they go on when it ends, however it ends, and the
next server finds them by process number, start time and attempt. One server per database.
"""

import logging
import multiprocessing.process
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from uuid import UUID

from sqlalchemy import func, select, update

from backend import forkserver
from backend.database.engine import Database
from backend.database.tables import RunRow
from backend.documents.server import Workers
from backend.runs import ending, files, log, process
from backend.settings import Settings
from backend.storage import Storage
from models.training.events import Status

logger = logging.getLogger("neuroloom")

LOOK_SECONDS = 0.5
"""Between looks at the workers and the queue when nothing wakes it."""
HELD = ("preparing", "running", "stopping")
"""States in which a run must have a living worker."""


@dataclass
class _Worker:
    attempt: int
    pid: int
    started: float | None
    process: ForkServerProcess | None
    """None for one that an earlier server started."""
    peak: int | None = None

    @property
    def ended(self) -> bool:
        # The fork server may be gone and the process not, so the system is asked as well.
        if self.process is not None and self.process.exitcode is None:
            return False
        return not process.alive(self.pid, self.started)

    @property
    def code(self) -> int | None:
        return None if self.process is None else self.process.exitcode


class Queue:
    """Runs as many workers at a time as there are slots, in the order of the runs' numbers."""

    def __init__(self, database: Database, settings: Settings, storage: Storage) -> None:
        self.database = database
        self.slots = settings.slots
        self.cores = settings.cores
        self.storage = storage
        self._workers: dict[UUID, _Worker] = {}
        self._dealt: dict[UUID, int] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="queue", daemon=True)

    def start(self) -> None:
        """Take over what an earlier server left, and begin."""
        files.finish_removals(self.database, self.storage)
        self._thread.start()

    def wake(self) -> None:
        """Look at once: there is a new run."""
        try:
            os.write(self._wake_write, b"!")
        except BlockingIOError:
            return  # So many calls are waiting that it is about to look anyway.

    def close(self) -> None:
        """Stop watching; the workers go on."""
        self._closed.set()
        self.wake()
        self._thread.join()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def workers(self) -> Workers:
        """Return how many runs train, and how many wait."""
        with self.database.reading() as session:
            queued = session.scalar(
                select(func.count()).select_from(RunRow).where(RunRow.state == "queued")
            )
        return Workers(busy=len(self._workers), queued=queued or 0, slots=self.slots)

    def _watch(self) -> None:
        while not self._closed.is_set():
            for step in (self._bury, self._adopt, self._begin):
                self._attempt(step)
            ends = [
                worker.process.sentinel
                for worker in self._workers.values()
                if worker.process is not None and worker.code is None
            ]
            if self._wake_read in wait([self._wake_read, *ends], LOOK_SECONDS):
                os.read(self._wake_read, 4096)

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:
            # The database may be away for a while: the next look does what was left undone.
            logger.exception("the queue could not do a step; trying again")
            self._closed.wait(LOOK_SECONDS)

    def _bury(self) -> None:
        """Free the slots of workers that ended, and say so where they did not say it themselves."""
        for run_id, worker in list(self._workers.items()):
            worker.peak = process.peak_memory(worker.pid) or worker.peak
            if worker.ended:
                self._lost(run_id, worker.attempt, worker.code, worker.peak)
                del self._workers[run_id]
                self._deal()

    def _lost(
        self, run_id: UUID, attempt: int, code: int | None = None, peak: int | None = None
    ) -> None:
        """Tell of a worker that is gone, unless it told its end itself."""
        with self.database.reading() as session:
            kept = log.kept_epoch(session.connection(), run_id)
        reason = ending.describe(code, peak, process.memory_limit(), kept)
        self._fail(run_id, attempt, reason)

    def _fail(self, run_id: UUID, attempt: int, message: str) -> None:
        try:
            with self.database.session() as session:
                query = select(RunRow.state).where(RunRow.id == run_id).with_for_update()
                if session.scalar(query) == "paused":
                    return  # The worker paused it and ended.
                failed = Status(state="failed", message=message)
                log.append(session.connection(), run_id, attempt, [failed])
        except log.Superseded:
            return  # The worker had told its end itself, or the run is another's.
        logger.warning("run %s failed: %s", run_id, message)

    def _adopt(self) -> None:
        """Watch the workers of an earlier server; one that is gone fails at the next look."""
        with self.database.reading() as session:
            rows = session.execute(
                select(RunRow.id, RunRow.attempt, RunRow.pid, RunRow.pid_started).where(
                    RunRow.state.in_(HELD)
                )
            ).all()
        for row in rows:
            if row.id not in self._workers:
                if row.pid is not None and process.alive(row.pid, row.pid_started):
                    self._workers[row.id] = _Worker(row.attempt, row.pid, row.pid_started, None)
                else:
                    self._lost(row.id, row.attempt)

    def _begin(self) -> None:
        """Start the runs that have waited longest in the slots that are free."""
        if len(self._workers) >= self.slots or not self._waiting():
            return
        for run_id, attempt in self._claim():
            started = forkserver.context.Process(
                target=process.enter,
                args=("backend.runs.worker", self.database, self.storage.root, run_id, attempt),
                name="neuroloom-run",
            )
            try:
                started.start()
            except OSError as error:
                reason = f"The system could not start a worker: {error.strerror}."
                self._fail(run_id, attempt, reason)
                continue
            # Python would wait at its exit for every process that it started; these may go on.
            getattr(multiprocessing.process, "_children").discard(started)  # noqa: B009
            pid = started.pid or 0
            self._workers[run_id] = _Worker(attempt, pid, process.started(pid), started)
        self._deal()

    def _waiting(self) -> bool:
        queued = select(RunRow.id).where(RunRow.state == "queued").limit(1)
        with self.database.reading() as session:
            return session.scalar(queued) is not None

    def _claim(self) -> list[tuple[UUID, int]]:
        """Take queued runs; a worker of an earlier claim is refused from now on."""
        with self.database.session() as session:
            rows = session.execute(
                select(RunRow.id, RunRow.attempt)
                .where(RunRow.state == "queued", RunRow.id.not_in(self._workers))
                .order_by(RunRow.number)
                .limit(self.slots - len(self._workers))
                .with_for_update()
            ).all()
            shares = self._shares(len(self._workers) + len(rows))[len(self._workers) :]
            claimed = [(row.id, row.attempt + 1) for row in rows]
            dealt = {row.id: threads for row, threads in zip(rows, shares, strict=True)}
            for run_id, attempt in claimed:
                # In the transaction, so that the run cannot be deleted before it has its folder.
                self.storage.run(run_id).mkdir(exist_ok=True)
                session.execute(
                    update(RunRow)
                    .where(RunRow.id == run_id)
                    .values(attempt=attempt, threads=dealt[run_id])
                )
        self._dealt |= dealt
        return claimed

    def _shares(self, runs: int) -> list[int]:
        """Deal the cores out: as evenly as can be, the oldest first, one at least."""
        return [max(1, self.cores // runs + (i < self.cores % runs)) for i in range(runs)]

    def _deal(self) -> None:
        """Tell each worker its cores where they are others than before; it looks between events."""
        shares = dict(zip(self._workers, self._shares(len(self._workers)), strict=True))
        changed = {run: n for run, n in shares.items() if self._dealt.get(run) != n}
        if changed:
            with self.database.session() as session:
                for run_id, threads in changed.items():
                    session.execute(
                        update(RunRow)
                        .where(RunRow.id == run_id, RunRow.ended_at.is_(None))
                        .values(threads=threads)
                    )
        self._dealt = shares
