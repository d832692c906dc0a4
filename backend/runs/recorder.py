"""The worker's end of the event log: writes beside the training, and hears what the user wants."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend import disk
from backend.database.engine import Database
from backend.database.tables import RunRow
from backend.runs import log
from models.recipe import AppliedChange
from models.training.events import Event

logger = logging.getLogger(__name__)

BATCH_SECONDS = 0.025
"""Between two writes while events keep coming; the first one goes at once."""
LISTEN_SECONDS = 0.1
"""Between two looks at what the user wants."""
RETRY_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
"""How long writing is tried again while the database is locked; while its disk is full, for ever:
the training pauses when so much waits that it would take memory."""
MOST_WAITING = 20_000
"""Events that may wait to be written; then the training waits for the writing."""


class Recorder:
    """Appends the events of one attempt in batches, from a thread of its own.

    Attributes:
        stop: True once the user wants the run to stop.
        pause: True once the user wants the run to pause.
        threads: Cores dealt to this run.
        changes: What the user changed of the recipe since the run was made.
    """

    def __init__(self, database: Database, run_id: UUID, attempt: int, threads: int) -> None:
        self.stop = self.pause = False
        self.threads = threads
        self.changes: Sequence[AppliedChange] = ()
        self._changes_seen: object = None
        self._database = database
        self._run_id = run_id
        self._attempt = attempt
        self._waiting: list[Event] = []
        self._columns: dict[str, object] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def add(self, event: Event) -> None:
        """Have an event written soon.

        Raises:
            Exception: what kept earlier events from being written: `log.Superseded` when the run is
                no longer this attempt's, a database error when trying again did not help.
        """
        with self._changed:
            while len(self._waiting) >= MOST_WAITING and self._failure is None:
                self._changed.wait()
            if self._failure is not None:
                raise self._failure
            self._waiting.append(event)
            self._changed.notify_all()

    def set(self, changes: Mapping[str, object]) -> None:
        """Set columns of the run's row with the next event, and hear what is wanted now."""
        with self._changed:
            self._columns |= changes
        self._listen()

    def end(self, event: Event) -> None:
        """Write what waits and the run's last event; on return they are in the log.

        Raises:
            Exception: as in `add`.
        """
        self.add(event)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            listened = 0.0
            while not (self._closing and not self._waiting):
                with self._changed:
                    if not self._waiting and not self._closing:
                        self._changed.wait(LISTEN_SECONDS)
                    batch, self._waiting = self._waiting, []
                    columns, self._columns = self._columns, {}
                    self._changed.notify_all()
                if batch or columns:
                    self._append(batch, columns)
                if time.monotonic() - listened >= LISTEN_SECONDS:
                    self._listen()
                    listened = time.monotonic()
                if batch and not self._closing:
                    time.sleep(BATCH_SECONDS)
        except Exception as error:
            with self._changed:
                self._failure = error
                self.stop = True
                self._changed.notify_all()

    def _append(self, events: list[Event], changes: Mapping[str, object]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self._database.session() as session:
                    log.append(session.connection(), self._run_id, self._attempt, events, changes)
                return
            except OperationalError as error:
                # A refused write to SQLite is surely undone. A lost connection to another database
                # may have been lost after the commit, and writing again would double the events.
                if not disk.is_full(error) and (
                    self._database.engine.dialect.name != "sqlite" or time.monotonic() > deadline
                ):
                    raise
                logger.warning("the events could not be written, trying again: %s", error.orig)
                time.sleep(RETRY_SECONDS)

    def _listen(self) -> None:
        try:
            with self._database.reading() as session:
                row = session.execute(
                    select(RunRow.wanted, RunRow.threads, RunRow.changes).where(
                        RunRow.id == self._run_id
                    )
                ).one_or_none()
        except OperationalError:
            logger.exception("could not read what is wanted; trying again")
            return
        if row is None:
            raise log.Superseded(f"Run {self._run_id} is gone")
        self.stop = self.stop or row.wanted == "stop"
        self.pause = self.pause or row.wanted == "pause"
        self.threads = row.threads or self.threads
        if row.changes != self._changes_seen:
            self.changes = [AppliedChange.model_validate(change) for change in row.changes or ()]
            self._changes_seen = row.changes
