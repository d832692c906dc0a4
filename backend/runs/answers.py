"""A run's row as the HTTP contract shows it."""

from typing import Any

from sqlalchemy.orm import load_only

from backend.database.tables import RunRow
from backend.documents.architectures import RunOutput
from backend.documents.runs import FoldOf, Fork, Run, RunSettings, RunSummary
from models.architecture import Architecture
from models.recipe import AppliedChange, Reason, Recipe

_SHOWN = RunSummary.model_fields.keys() - {"epochs", "settings", "cross_validation"}
"""What a summary shows as the row has it."""
IN_LISTS = load_only(
    *(getattr(RunRow, name) for name in _SHOWN),
    RunRow.recipe,
    RunRow.parameters,
    RunRow.cross_validation_id,
)
"""What `summary` needs of a run: the rest may be long, and a list has many."""


def summary(row: RunRow) -> RunSummary:
    """Return what a list shows of a run, which was read as `IN_LISTS` says."""
    return RunSummary(**_summary(row))


def full(row: RunRow) -> Run:
    """Return all of a run but its events."""
    return Run(
        **_summary(row),
        architecture=Architecture.model_validate(row.architecture),
        recipe=Recipe.model_validate(row.recipe),
        changes=[AppliedChange.model_validate(change) for change in row.changes or []],
        outputs=[RunOutput.model_validate(output) for output in row.outputs or []],
        reasons=[Reason.model_validate(reason) for reason in row.reasons],
        parameters=row.parameters,
        device=row.device,
        baseline=row.baseline,
        classes=row.classes,
        fork=Fork.model_validate(row.fork) if row.fork else None,
        last_seq=row.last_seq,
    )


def _fold_of(row: RunRow) -> FoldOf | None:
    id, split = row.cross_validation_id, row.recipe.get("split") or {}
    if id is None or split.get("fold") is None:
        return None
    return FoldOf(id=id, fold=split["fold"], folds=split["folds"])


def _summary(row: RunRow) -> dict[str, Any]:
    optimizer = row.recipe["optimizer"]
    return {
        **{name: getattr(row, name) for name in _SHOWN},
        "epochs": row.recipe["epochs"],
        "cross_validation": _fold_of(row),
        "settings": RunSettings(
            optimizer=optimizer["type"],
            learning_rate=optimizer.get("learning_rate"),
            batch_size=row.recipe["batch_size"],
            parameters=row.parameters,
        ),
    }
