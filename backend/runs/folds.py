"""Cross-validation: a run for each fold, queued together, and their values gathered."""

from collections.abc import Sequence
from statistics import mean, stdev
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.database.engine import Database
from backend.database.tables import RunRow
from backend.documents.cross_validations import CrossValidation, CrossValidationRequest, Score
from backend.errors import not_found
from backend.runs import answers, creation, decision
from backend.runs.decision import Columns
from models.architecture import Architecture
from models.recipe import Recipe, Split
from models.training.events import TERMINAL


def decide(database: Database, body: CrossValidationRequest) -> Columns:
    """Return the columns of the run of the first fold, with a recipe in full.

    Raises:
        ApiError: 404 when the network or the dataset is not there, 409 when that is not ready.
        DocumentError: the request contradicts itself, or rows cannot be dealt into folds so.
    """
    columns = decision.decide(database, body)
    recipe = Recipe.model_validate(columns["recipe"])
    split = recipe.split or Split()
    dealt = {
        "folds": body.folds,
        "fold": 1,
        "validation": round((1 - split.test) / body.folds, 6),
    }
    known = recipe.model_copy(update={"split": split.model_copy(update=dealt)})
    data = {name: columns[name] for name in decision.DATA}
    again = decision.columns(Architecture.model_validate(columns["architecture"]), known, **data)
    return {**columns, **again, "reasons": columns["reasons"]}


def insert(database: Database, columns: Columns) -> RunRow:
    """Queue a run for each fold, all or none, and return that of the first.

    Raises:
        ApiError: 404 when the dataset, or the version of it, was deleted meanwhile.
    """
    recipe, id = columns["recipe"], uuid4()
    every = [
        {
            **columns,
            "cross_validation_id": id,
            "recipe": {**recipe, "split": {**recipe["split"], "fold": fold}},
            # The request is known again by the first.
            "idempotency_key": columns["idempotency_key"] if fold == 1 else None,
        }
        for fold in range(1, recipe["split"]["folds"] + 1)
    ]
    return creation.insert_all(database, every)[0]


def find(session: Session, id: UUID, lock: bool = False) -> Sequence[RunRow]:
    """Return the runs of a cross-validation, by fold.

    Raises:
        ApiError: 404 when there is none.
    """
    query = select(RunRow).where(RunRow.cross_validation_id == id).order_by(RunRow.number)
    rows = session.scalars(query.with_for_update() if lock else query).all()
    if not rows:
        raise not_found("cross-validation", id)
    return rows


def answer(id: UUID, rows: Sequence[RunRow]) -> CrossValidation:
    """Return a cross-validation as the HTTP contract shows it."""
    kept = [_kept(row) for row in rows]
    names = dict.fromkeys(name for values in kept for name in values)
    return CrossValidation(
        id=id,
        folds=rows[0].recipe["split"]["folds"],
        runs=[answers.summary(row) for row in rows],
        scores=[_score(name, [values.get(name) for values in kept]) for name in names],
    )


def _kept(row: RunRow) -> dict[str, Any]:
    """Return the values that the model of a run has; nothing before it has ended."""
    if row.state not in TERMINAL:
        return {}
    rule = Recipe.model_validate(row.recipe).stopping_rule
    restored = rule is not None and rule.restore_best and row.best
    return row.best if restored else row.values


def _score(name: str, values: list[float | None]) -> Score:
    known = [value for value in values if value is not None]
    return Score(
        name=name,
        values=values,
        mean=mean(known) if known else None,
        std=stdev(known) if len(known) > 1 else None,
    )
