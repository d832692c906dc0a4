"""What a user may ask of a run that is there: to stop, to pause, to go on, to go on otherwise."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend import errors
from backend.database.tables import DatasetRow, RunRow
from backend.errors import ApiError
from backend.runs import log
from models.architecture import Architecture
from models.data.description import Description
from models.data.interface import interface
from models.ends import ends
from models.errors import refuse
from models.objectives.schedules import SCHEDULES
from models.recipe import AppliedChange, Recipe, RecipeChange
from models.recipe_check import check_recipe
from models.training.events import TERMINAL, Status

RESUMABLE = ("paused", "stopped", "failed", "completed")
CHANGEABLE = ("queued", "preparing", "running", "paused")


def stop(session: Session, row: RunRow) -> None:
    """End a run that has no worker at once; ask the worker of another to end it."""
    connection = session.connection()
    if row.state in ("queued", "paused"):
        before = "before it began" if row.started_at is None else "while no worker was at it"
        stopped = Status(state="stopped", message=f"Stopped {before}")
        log.append(connection, row.id, row.attempt, [stopped])
    elif row.state not in TERMINAL and row.wanted != "stop":
        stopping = Status(state="stopping", message="Stopping at the next step")
        log.append(connection, row.id, row.attempt, [stopping], {"wanted": "stop"})


def pause(session: Session, row: RunRow) -> None:
    """Hold back a run that waits; ask the worker of another to leave it at the next step.

    Raises:
        ApiError: 409 when it stops or has ended.
    """
    if row.state == "queued":
        paused = Status(state="paused", message="Paused while it waited")
        log.take_back(session.connection(), row.id, row.attempt, paused)
    elif row.state in ("preparing", "running"):
        row.wanted = "pause"
        session.flush()
    elif row.state != "paused":
        raise _wrong_state(row, "that waits or trains")


def resume(session: Session, row: RunRow, checkpoint: Path, epochs: int | None) -> None:
    """Queue a run again; its next worker goes on from the checkpoint.

    Args:
        checkpoint: The file that its last worker kept.
        epochs: How many in all; None for those of the recipe.

    Raises:
        ApiError: 409 when it cannot be resumed, 422 when it has trained for as many epochs already.
    """
    if row.state not in RESUMABLE:
        raise _wrong_state(row, "that is paused, stopped, failed or completed")
    # One that paused before there was room for a checkpoint begins anew, with the same seed.
    if row.state != "paused" and row.started_at is not None and not checkpoint.exists():
        raise ApiError(
            409,
            "no_checkpoint",
            f"Expected a run that kept a checkpoint, got Run {row.number}, which {row.state} "
            "before its first one. Start a new run.",
        )
    if row.state == "completed" and epochs is None:
        raise ApiError(
            409,
            "run_completed",
            f"Expected how many epochs Run {row.number} shall have in all, for it is completed. "
            f"Send epochs, more than {row.epoch:,}.",
        )
    if epochs is not None and epochs <= row.epoch:
        raise _epochs_done(row, epochs)
    if session.get(DatasetRow, row.dataset_id, with_for_update=True) is None:
        raise ApiError(
            409,
            "dataset_deleted",
            f"Expected the dataset {row.dataset_name!r} of Run {row.number}, which was deleted. "
            "Upload it again and start a new run.",
        )
    changes = {} if epochs is None else _changed(row, RecipeChange(epochs=epochs))
    queued = Status(state="queued", message="Waiting to go on")
    log.take_back(session.connection(), row.id, row.attempt, queued, changes)


def change(session: Session, row: RunRow, asked: RecipeChange) -> None:
    """Change the recipe of a run that has not ended; its worker takes it up at the next step.

    Raises:
        ApiError: 409 when it stops or has ended, 422 when it has trained for more epochs already.
        DocumentError: nothing is changed, or the recipe would contradict itself or the data.
    """
    if row.state not in CHANGEABLE:
        raise _wrong_state(row, "that waits, trains or is paused")
    if asked.epochs is not None and asked.epochs < row.epoch:
        raise _epochs_done(row, asked.epochs)
    changes = _changed(row, asked)
    recipe = Recipe.model_validate(changes["recipe"])
    if asked == RecipeChange():
        raise refuse(
            "invalid",
            "Expected something to change, got nothing. Send one of "
            f"{', '.join(RecipeChange.model_fields)}.",
            path=["recipe"],
        )
    schedule = SCHEDULES[recipe.schedule.type] if recipe.schedule else None
    if asked.learning_rate is not None and schedule and not schedule.follows_rate:
        raise refuse(
            "rate_not_followed",
            f"Expected a recipe whose schedule follows the optimizer's learning rate, got "
            f"{schedule.__name__}, which has its own. Leave learning_rate out.",
            path=["recipe", "learning_rate"],
        )
    description = Description.model_validate(row.description)
    asks = interface(description, recipe, ends(Architecture.model_validate(row.architecture)))
    with errors.within("recipe"):
        check_recipe(recipe, asks, description)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()


def _changed(row: RunRow, asked: RecipeChange) -> dict[str, Any]:
    """Return the columns of a run whose recipe is changed at the next step."""
    recipe = asked.of(Recipe.model_validate(row.recipe))
    change = AppliedChange(recipe=asked).model_dump(mode="json")
    return {
        "recipe": recipe.model_dump(mode="json"),
        "first_recipe": row.first_recipe or row.recipe,
        "changes": [*(row.changes or []), change],
    }


def _epochs_done(row: RunRow, epochs: int) -> ApiError:
    return ApiError(
        422,
        "epochs_done",
        f"Expected more than the {row.epoch:,} epochs that Run {row.number} has trained, got "
        f"{epochs:,}. Send how many it shall have in all.",
    )


def _wrong_state(row: RunRow, wanted: str) -> ApiError:
    hint = " A diverged run would diverge again: start one with a smaller learning rate."
    return ApiError(
        409,
        "run_state",
        f"Expected a run {wanted}, got Run {row.number}, which is {row.state}."
        + (hint if row.state == "diverged" else ""),
    )
