"""Rows for tests of the event log and of what reads it: a run without data or network."""

import os
from typing import Any
from uuid import UUID, uuid4

from backend.database.engine import Database
from backend.database.tables import DatasetRow, RunRow, VersionRow
from backend.runs import creation, log, process
from models.training.events import Event, Metrics, Status

RECIPE = {
    "task": "classification",
    "optimizer": {"type": "Adam", "learning_rate": 0.001},
    "batch_size": 32,
    "epochs": 5,
}


def add_dataset(database: Database) -> UUID:
    """Add the row of a dataset without files."""
    dataset = DatasetRow(id=uuid4(), name="iris")
    with database.session() as session:
        session.add(dataset)
        session.flush()
        session.add(VersionRow(dataset_id=dataset.id, version=1, state="ready", description={}))
    return dataset.id


def columns(dataset_id: UUID, **changes: Any) -> dict[str, Any]:
    """Return what the row of a run is made of."""
    return {
        "network_name": "A network",
        "dataset_id": dataset_id,
        "dataset_name": "iris",
        "dataset_version": 1,
        "architecture": {"format": "neuroloom/1"},
        "description": {},
        "recipe": RECIPE,
        "reasons": [],
        "parameters": 3,
        **changes,
    }


def add_run(database: Database, **changes: Any) -> UUID:
    """Queue a run."""
    return creation.insert(database, columns(add_dataset(database), **changes)).id


def add_running(database: Database) -> UUID:
    """Add a run whose worker is this very process, so that every queue takes it for alive."""
    run = add_run(database)
    pid = os.getpid()
    held = {"pid": pid, "pid_started": process.started(pid)}
    with database.session() as session:
        running = Status(state="running")
        log.append(session.connection(), run, 0, [running], held)
    return run


def append(database: Database, run_id: UUID, *events: Event, attempt: int = 0) -> int:
    """Append events in a transaction of their own."""
    with database.session() as session:
        return log.append(session.connection(), run_id, attempt, events)


def read(database: Database, run_id: UUID, after: int = 0, limit: int = log.PAGE) -> list[Any]:
    """Return entries of the log."""
    with database.reading() as session:
        return log.read(session.connection(), run_id, after, limit)


def row(database: Database, run_id: UUID) -> RunRow:
    """Return the run's row as it is now."""
    with database.reading() as session:
        return session.get_one(RunRow, run_id)


def epoch(number: int, loss: float | None, split: str = "train", **values: float) -> Metrics:
    """Return the metrics of a whole epoch."""
    return Metrics.model_validate(
        {"split": split, "epoch": number, "step": number, "values": {"loss": loss, **values}}
    )
