"""What is odd about a table as something to learn from: leaks, doubles, classes that are rare."""

from collections.abc import Sequence

import polars as pl

from models.data.association import ROWS, binned, told
from models.data.description import Column, Note, Problem, Suggestion
from models.data.target import NUMERIC, USUAL_INPUTS
from models.data.time_order import CODES as TIME_CODES
from models.data.time_order import time_notes

LEAK = 0.98
"""Of the target's uncertainty: a column that takes away more nearly is the target."""
ALIKE = 0.999
"""Correlation from which a number nearly is the target."""
RARE = 0.1
"""A class with less than this share of the largest one's rows is hardly learnt."""
MANY = 0.01
"""A share of rows that return from which figures of the test part are too good."""
NEAR_CONSTANT = 0.99
FEWEST = 20
"""Rows below which nothing is suspicious, because chance does as much."""
CODES = (
    "leakage_suspect",
    "class_imbalance",
    "duplicate_rows",
    "near_constant",
    "outliers",
    *TIME_CODES,
)
"""Of the notes of `suspicions`, which are told anew whenever roles change."""


def associate(frame: pl.DataFrame, columns: Sequence[Column], target: Column) -> None:
    """Set how much each column tells of the target."""
    sample = _sample(frame)
    y = binned(sample[target.name], target)
    for column in columns:
        column.information = None
        known = column.kind != "date" or column.date_format is not None
        if column.name != target.name and column.kind in USUAL_INPUTS and known:
            column.information = told(binned(sample[column.name], column), y)


def suspicions(
    frame: pl.DataFrame, columns: Sequence[Column], problem: Problem | None
) -> list[Note]:
    """Return warnings on what would make a model look better, or be worse, than it should."""
    if frame.height < FEWEST:
        return []
    inputs = [column for column in columns if column.role == "input"]
    target = next((c for c in columns if problem is not None and c.name == problem.target), None)
    notes = [*_near_constant(inputs, frame.height), *_outliers(inputs)]
    notes += time_notes(frame, columns, target)
    if target is None or problem is None:
        return notes
    notes += _leaks(inputs, target)
    notes += _doubles(frame, inputs, target)
    if problem.task == "classification":
        notes += _imbalance(target)
    return notes


def _leaks(inputs: Sequence[Column], target: Column) -> list[Note]:
    """Return warnings on inputs that all but are the target, or tell it alone."""
    found: list[Note] = []
    for column in inputs:
        why = _leak(column)
        if why is not None:
            found.append(
                Note(
                    severity="warning",
                    code="leakage_suspect",
                    message=f'"{column.name}" {why} of "{target.name}". If it is only known once '
                    "the target is, a model that sees it learns nothing: give it the role "
                    '"ignore".',
                    examples=[column.name],
                    suggestion=Suggestion(
                        title=f'Leave "{column.name}" out', name=column.name, role="ignore"
                    ),
                )
            )
    return found


def _leak(column: Column) -> str | None:
    if column.correlation is not None and abs(column.correlation) >= ALIKE:
        return f"has a correlation of {column.correlation:.4f} with the values"
    if column.information is not None and column.information >= LEAK:
        return f"alone takes away {column.information:.0%} of the uncertainty"
    return None


def _doubles(frame: pl.DataFrame, inputs: Sequence[Column], target: Column) -> list[Note]:
    names = [column.name for column in inputs] + [target.name]
    count = frame.height - frame.select(names).hash_rows().n_unique() if len(inputs) > 1 else 0
    if not count:
        return []
    share = count / frame.height
    many = "1 row is" if count == 1 else f"{count:,} rows are"
    return [
        Note(
            severity="warning" if share >= MANY else "info",
            code="duplicate_rows",
            message=f"{many} the same as another one in every input and in the target "
            f"({share:.1%} of all). Where such rows are dealt out at random, some of the test part "
            "are learnt by heart. Remove them from the file, or split by a column that says what "
            "belongs together.",
            count=count,
        )
    ]


def _imbalance(target: Column) -> list[Note]:
    counts = {bar.label: bar.count for bar in target.distribution}
    counts = {name: counts.get(name, 0) for name in target.categories or []}
    largest = max(counts.values(), default=0)
    rare = {name: count for name, count in counts.items() if count < RARE * largest}
    if not rare:
        return []
    shown = ", ".join(f'"{name}" ({count:,})' for name, count in list(rare.items())[:5])
    return [
        _warn(
            "class_imbalance",
            f'Of "{target.name}", {shown}{" …" if len(rare) > 5 else ""} '
            f"{'are' if len(rare) > 1 else 'is'} rare beside the largest class ({largest:,} rows): "
            "accuracy says little then. Look at precision and recall, and try class_weight "
            '"balanced".',
            list(rare)[:10],
            len(rare),
        )
    ]


def _near_constant(inputs: Sequence[Column], rows: int) -> list[Note]:
    found = []
    for column in inputs:
        if column.kind == "text":
            continue
        most = max((bar.count for bar in column.distribution), default=0)
        single = column.kind in ("category", "boolean") or column.unique <= 20
        if single and most >= NEAR_CONSTANT * (rows - column.missing):
            found.append(column.name)
    if not found:
        return []
    shown = ", ".join(f'"{name}"' for name in found[:5])
    message = f"{shown}: nearly every row has the same value, which tells next to nothing."
    return [_warn("near_constant", message, found[:10], len(found))]


def _outliers(inputs: Sequence[Column]) -> list[Note]:
    scaled = [
        column
        for column in inputs
        if column.kind in NUMERIC
        and _far(column)
        and column.treated.scaling in ("standard", "min_max")
    ]
    if not scaled:
        return []
    shown = ", ".join(f'"{column.name}"' for column in scaled[:5])
    message = (
        f"{shown}: a few values lie so far off that standard scaling leaves the others close "
        "together. Try the scaling robust or log."
    )
    return [
        Note(
            severity="info",
            code="outliers",
            message=message,
            count=len(scaled),
            examples=[column.name for column in scaled[:10]],
        )
    ]


def _far(column: Column) -> bool:
    """Return whether an extreme lies more than 10 standard deviations from the mean."""
    if column.mean is None or not column.std or column.minimum is None or column.maximum is None:
        return False
    return max(column.mean - column.minimum, column.maximum - column.mean) > 10 * column.std


def _sample(frame: pl.DataFrame) -> pl.DataFrame:
    step = -(-frame.height // ROWS)
    return frame.gather_every(step) if step > 1 else frame


def _warn(code: str, message: str, examples: list[str], count: int = 1) -> Note:
    return Note(severity="warning", code=code, message=message, count=count, examples=examples)
