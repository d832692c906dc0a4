"""The process that trains one run: from its row to a saved model, every step in the event log.

It outlives the server that started it and speaks to nobody but the database.
"""

import logging
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

import torch

from backend import disk, forkserver
from backend.database.engine import Database
from backend.database.tables import RunRow
from backend.runs import allocator, ending, files, log, process
from backend.runs.recorder import Recorder
from backend.storage import Storage
from models.architecture import Architecture
from models.data.description import Description
from models.data.interface import Interface
from models.data.prepare import Prepared, prepare
from models.ends import ends
from models.errors import DocumentError
from models.evaluation import strongest
from models.model import Model
from models.network import Network, build
from models.recipe import Recipe
from models.training import checkpoint
from models.training import device as devices
from models.training.checkpoint import Damaged
from models.training.events import Finding, Status
from models.training.inheritance import inherit
from models.training.loop import train

logger = logging.getLogger(__name__)

OUT_OF_MEMORY = (
    "The training ran out of memory. Train with a smaller batch size, fewer units or fewer rows."
)


@dataclass(frozen=True)
class _Task:
    """What the database says is to be done."""

    folder: Path
    dataset: Path
    description: Description
    architecture: Architecture
    recipe: Recipe
    threads: int
    inherits: Literal["start", "last", "best"] = "start"
    """The weights that it begins with: fresh ones, or those of the run that it was forked from."""


def main(database: Database, root: Path, run_id: UUID, attempt: int) -> None:
    """Train one attempt of a run, and end the process."""
    storage = Storage(root)
    _leave_the_server(storage.run(run_id))
    code = 0
    try:
        task = _register(database, storage, run_id, attempt)
        if task.recipe.max_memory is None:  # which counts all that the process takes
            allocator.keep_freed_memory()
        _record(Recorder(database, run_id, attempt, task.threads), task)
    except log.Superseded as error:
        logger.warning("%s", error)
    except Exception as error:
        logger.exception("the end of the run could not be written")
        code = ending.DISK_FULL if disk.is_full(error) else ending.NO_DATABASE
    logging.shutdown()
    # Nothing is left to do, and no library's exit handler shall keep the slot.
    os._exit(code)


def _leave_the_server(folder: Path) -> None:
    """Belong to no terminal and hold none of the server's outputs."""
    os.setsid()
    forkserver.outlive_server()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        told = (folder / files.WORKER_LOG).open("ab")
    except FileNotFoundError:
        # The run was deleted before its worker came; a folder made now would belong to nobody.
        os._exit(0)
    with told, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    logging.basicConfig(
        stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", force=True
    )


def _register(database: Database, storage: Storage, run_id: UUID, attempt: int) -> _Task:
    """Take the run, if it is still this attempt's, and read what is to be done."""
    pid = os.getpid()
    with database.session() as session:
        log.append(
            session.connection(),
            run_id,
            attempt,
            [Status(state="preparing", message="Preparing the data")],
            {"pid": pid, "pid_started": process.started(pid)},
        )
        row = session.get_one(RunRow, run_id)
        return _Task(
            folder=storage.run(run_id),
            dataset=storage.dataset(row.dataset_id, row.dataset_version),
            description=Description.model_validate(row.description),
            architecture=Architecture.model_validate(row.architecture),
            recipe=Recipe.model_validate(row.first_recipe or row.recipe),
            threads=row.threads or 1,
            inherits=(row.fork or {}).get("weights", "start"),
        )


def _record(recorder: Recorder, task: _Task) -> None:
    """Train, and write the end whatever it is."""
    try:
        end = _run(recorder, task)
    except log.Superseded:
        raise
    except DocumentError as error:
        end = Status(state="failed", message=str(error))
    except Damaged as error:
        end = Status(state="failed", message=f"{error}. Start the run again as a new one.")
    except Exception as error:
        logger.exception("the run failed")
        end = Status(state="failed", message=_reason(error))
    recorder.end(end)


def _run(recorder: Recorder, task: _Task) -> Status:
    prepared = prepare(task.dataset, task.description, task.recipe, ends(task.architecture))
    network = build(task.architecture, prepared.interface, seed=task.recipe.seed)
    recorder.set(
        {
            "baseline": strongest(prepared, task.recipe),
            "classes": _classes(prepared.interface),
            "device": devices.choose(task.recipe.device).type,
        }
    )
    resume = (task.folder / files.CHECKPOINT).exists()
    if recorder.stop and not resume:
        return Status(state="stopped", message="Stopped before the first step")
    if not resume:
        _inherit(network, task)
        for note in prepared.notes:
            recorder.add(Finding(node=None, code=note.code, message=note.message))
    going = "Training goes on from where it was interrupted" if resume else "Training"
    recorder.add(Status(state="running", message=going))
    end = _train(recorder, network, prepared, task, resume)
    try:
        Model(prepared.preparation, network).save(
            task.folder, task.architecture, _as_changed(task.recipe, recorder)
        )
    except Exception as error:
        # A full disk need not be an OSError: safetensors, which writes the weights, has its own.
        if not disk.is_full(error):
            raise
        logger.exception("the model could not be saved")
        # What was learnt is in the checkpoint: resuming it makes the model.
        if end.state != "paused":
            end = Status(state="paused", message=ending.MODEL_NOT_SAVED)
    return end


def _as_changed(recipe: Recipe, recorder: Recorder) -> Recipe:
    for change in recorder.changes:
        recipe = change.recipe.of(recipe)
    return recipe


def _inherit(network: Network, task: _Task) -> None:
    """Begin with the weights of the run that this one was forked from, if it asks for them.

    Raises:
        Damaged: they are not as they were written.
    """
    kept = task.folder / files.INHERITED
    if task.inherits != "start" and kept.exists():
        filled, total = inherit(network, checkpoint.read(kept), task.inherits)
        logger.info("%s of %s tensors are those of the run before", filled, total)


def _classes(asked: Interface) -> list[str] | None:
    """Return the classes of the only Output; where there are several, `Run.outputs` has them."""
    return list(asked.classes) if asked.classes and len(asked.goals) == 1 else None


def _train(
    recorder: Recorder, network: Network, prepared: Prepared, task: _Task, resume: bool
) -> Status:
    """Pass the events on as they come, and return the last one."""
    events = train(
        network,
        prepared,
        task.recipe,
        stop=lambda: recorder.stop,
        pause=lambda: recorder.pause,
        changes=lambda: recorder.changes,
        threads=lambda: recorder.threads,
        checkpoint=task.folder / files.CHECKPOINT,
        resume=resume,
    )
    for event in events:
        if isinstance(event, Status):
            return event
        recorder.add(event)
    raise RuntimeError("The training ended without saying how")


def _reason(error: Exception) -> str:
    if disk.is_full(error):
        return ending.DISK_FULL_MESSAGE
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    ):
        return OUT_OF_MEMORY
    return (
        f"The training failed unexpectedly ({type(error).__name__}). "
        "The details are in the run's log on the server."
    )
