"""The worker's end of the log writes beside the training and hears what is wanted."""

import pytest
from sqlalchemy import update

from backend.database.engine import Database
from backend.database.tables import RunRow
from backend.runs import log
from backend.runs.recorder import Recorder
from models.training.events import Status
from tests.backend.runs.lab import until
from tests.backend.runs.rows import add_run, append, epoch, read, row

DONE = Status(state="completed")


def test_the_end_is_in_the_log_when_it_returns(database: Database):
    run = add_run(database)
    recorder = Recorder(database, run, 0, threads=1)
    for number in range(1, 301):
        recorder.add(epoch(number, 0.5))
    recorder.end(DONE)
    assert [entry.seq for entry in read(database, run)] == list(range(1, 303))
    assert row(database, run).state == "completed"


def test_events_come_to_the_log_while_the_training_goes_on(database: Database):
    run = add_run(database)
    recorder = Recorder(database, run, 0, threads=1)
    for number in range(1, 4):
        recorder.add(epoch(number, 0.5))
        until(lambda number=number: row(database, run).epoch == number, "in the log")
    recorder.end(DONE)


def test_a_wish_to_stop_and_a_new_share_of_the_cores_are_heard(database: Database):
    run = add_run(database)
    recorder = Recorder(database, run, 0, threads=4)
    assert (recorder.stop, recorder.threads) == (False, 4)
    with database.session() as session:
        session.execute(update(RunRow).where(RunRow.id == run).values(wanted="stop", threads=2))
    until(lambda: recorder.stop and recorder.threads == 2, "both known")
    recorder.end(DONE)


def test_a_worker_whose_run_was_taken_from_it_is_told_and_stopped(database: Database):
    run = add_run(database)
    recorder = Recorder(database, run, 0, threads=1)
    with database.session() as session:
        session.execute(update(RunRow).where(RunRow.id == run).values(attempt=1))
    recorder.add(epoch(1, 0.5))
    until(lambda: recorder.stop, "known")
    with pytest.raises(log.Superseded):
        recorder.end(DONE)
    append(database, run, DONE, attempt=1)
    assert len(read(database, run)) == 2
