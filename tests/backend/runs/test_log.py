"""The event log keeps its promises on every database."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from pydantic import TypeAdapter

from backend.database.engine import Database
from backend.documents.events import LoggedEvent
from backend.runs import log
from models.training.events import Checkpoint, Finding, Progress, Status
from tests.backend.runs.rows import add_run, append, epoch, read, row

RUNNING = Status(state="running")
DONE = Status(state="completed", message="Trained for 5 epochs")


def test_events_are_numbered_from_one_without_a_gap(database: Database):
    run = add_run(database)
    append(database, run, RUNNING, epoch(1, 0.5))
    append(database, run, epoch(2, 0.4))
    assert [entry.seq for entry in read(database, run)] == [1, 2, 3, 4]
    assert row(database, run).last_seq == 4


def test_the_first_event_of_a_run_says_that_it_waits(database: Database):
    first = json.loads(read(database, add_run(database))[0].text)
    assert (first["kind"], first["state"], first["seq"]) == ("status", "queued", 1)


def test_an_event_is_read_as_the_contract_declares_it(database: Database):
    run = add_run(database)
    finding = Finding(node="dense", code="dead", message='Half of "dense" is dead: ½', fix=None)
    progress = Progress(
        epoch=1, step=3, steps_per_epoch=4, samples_per_second=10.5, seconds_left=None
    )
    append(database, run, finding, progress, epoch(1, None), Checkpoint(epoch=1, best=True))
    event = TypeAdapter(LoggedEvent)
    found = [event.validate_json(entry.text) for entry in read(database, run, after=1)]
    assert [e.kind for e in found] == ["finding", "progress", "metrics", "checkpoint"]
    assert found[0].model_dump(exclude={"seq", "time"}) == finding.model_dump()
    assert found[2].model_dump()["values"] == {"loss": None}


def test_the_time_of_an_event_is_in_utc_with_its_zone(database: Database):
    sent = json.loads(read(database, add_run(database))[0].text)["time"]
    assert sent.endswith("Z")
    assert datetime.fromisoformat(sent).utcoffset() is not None


def test_reading_goes_on_after_a_number_and_stops_at_a_limit(database: Database):
    run = add_run(database)
    append(database, run, *(epoch(number, 0.1) for number in range(1, 8)))
    assert [entry.seq for entry in read(database, run, after=3, limit=2)] == [4, 5]
    assert read(database, run, after=8) == []


def test_only_the_status_that_ends_the_run_is_the_last_event(database: Database):
    run = add_run(database)
    append(database, run, RUNNING, epoch(1, 0.5), DONE)
    assert [entry.last for entry in read(database, run)] == [False, False, False, True]


def test_an_earlier_attempt_is_refused_and_writes_nothing(database: Database):
    run = add_run(database)
    with pytest.raises(log.Superseded):
        append(database, run, RUNNING, attempt=1)
    assert len(read(database, run)) == 1


def test_nothing_is_written_after_the_end(database: Database):
    run = add_run(database)
    append(database, run, DONE)
    with pytest.raises(log.Superseded):
        append(database, run, epoch(9, 0.1))
    assert row(database, run).state == "completed"
    assert row(database, run).epoch == 0


def test_an_append_that_fails_leaves_neither_events_nor_a_changed_row(database: Database):
    run = add_run(database)

    def half_done() -> None:
        with database.session() as session:
            log.append(session.connection(), run, 0, [RUNNING, epoch(1, 0.5)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half_done()
    assert len(read(database, run)) == 1
    assert (row(database, run).state, row(database, run).last_seq) == ("queued", 1)


def test_many_writers_at_once_leave_no_gap_and_no_double(database: Database):
    run = add_run(database)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: append(database, run, epoch(n, 0.1), epoch(n, 0.2)), range(20)))
    assert [entry.seq for entry in read(database, run)] == list(range(1, 42))


def test_a_run_that_is_stopping_does_not_go_back_to_running(database: Database):
    run = add_run(database)
    with database.session() as session:
        stopping = Status(state="stopping")
        log.append(session.connection(), run, 0, [stopping], {"wanted": "stop"})
    append(database, run, RUNNING, epoch(1, 0.5))
    assert row(database, run).state == "stopping"
    assert [json.loads(e.text)["kind"] for e in read(database, run, 1)] == ["status", "metrics"]


def test_the_row_follows_its_events(database: Database):
    run = add_run(database)
    append(database, run, RUNNING)
    append(database, run, epoch(1, 0.9, accuracy=0.5), epoch(1, 0.8, "validation", accuracy=0.6))
    append(database, run, Checkpoint(epoch=1, best=True))
    append(database, run, epoch(2, 0.7, accuracy=0.7), epoch(2, 1.1, "validation", accuracy=0.4))
    found = row(database, run)
    assert found.epoch == 2
    assert found.values == {"loss": 0.7, "accuracy": 0.7, "val_loss": 1.1, "val_accuracy": 0.4}
    assert found.best == {"loss": 0.9, "accuracy": 0.5, "val_loss": 0.8, "val_accuracy": 0.6}
    assert found.spark == [0.8, 1.1]
    assert found.started_at is not None
    assert found.ended_at is None
    append(database, run, DONE)
    found = row(database, run)
    assert (found.state, found.message) == ("completed", DONE.message)
    assert found.ended_at is not None
