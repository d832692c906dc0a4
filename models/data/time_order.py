"""Which column says when a row was, where none has the role time: proposed, with its reason."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from models.data.association import binned, told
from models.data.columns import numbers
from models.data.dates import seconds_of
from models.data.description import Column, Note, Suggestion
from models.data.kinds import as_text
from models.data.target import NUMERIC

TIME_NAME = re.compile(
    r"(year|quarter|month|week|day|date|datetime|time|timestamp)s?", re.IGNORECASE
)
CODES = ("order_tells_target", "time_suggested")
FEWEST = 20
"""Neighbours from which it is told how alike they are."""
FEWEST_MOMENTS = 10
ALIKE = 0.3
"""Of the target's uncertainty: what a row before takes away where the order matters."""


def time_notes(frame: pl.DataFrame, columns: Sequence[Column], target: Column | None) -> list[Note]:
    """Return a note on the column that the role time suits; none where a column has it.

    It is a warning where the row before tells much of the target: a split at random flatters then.
    Roles stay as they are: that later rows are told from earlier ones is for a person to say.
    """
    roles = {column.role for column in columns}
    if "time" in roles:
        return []
    if (
        target is not None
        and "group" not in roles
        and (found := _flattering(frame, columns, target))
    ):
        return [found]
    free = [column for column in columns if column.role in ("input", "ignore")]
    for column in sorted(free, key=lambda column: column.kind != "date"):
        if (why := _orders(frame, column)) is not None:
            return [_suggested(column, why)]
    return []


def _flattering(frame: pl.DataFrame, columns: Sequence[Column], target: Column) -> Note | None:
    """Return a warning on rows in order of time whose neighbours have the same target."""
    moments = next((column for column in columns if column.kind == "date"), None)
    if moments is None or moments.date_format is None or target.unique < 2:
        return None
    times = _seconds(frame, moments)
    codes = binned(frame[target.name], target)
    order = np.argsort(times, kind="stable")
    both = (codes >= 0) & np.isfinite(times)
    near = codes[order][both[order]]
    if len(near) < FEWEST or (share := told(near[:-1], near[1:])) < ALIKE:
        return None
    return Note(
        severity="warning",
        code="order_tells_target",
        message=f'In order of "{moments.name}", the row before takes away {share:.0%} of the '
        f'uncertainty of "{target.name}". Dealt out at random, rows of the test part have '
        "neighbours in the training part, which a model of the future would not. Give "
        f'"{moments.name}" the role "time", so that the latest rows are the test.',
        examples=[moments.name],
        suggestion=_as_time(moments),
    )


def _orders(frame: pl.DataFrame, column: Column) -> str | None:
    """Return why the rows stand in order of a column, as far as it says when; None where not."""
    if column.unique < FEWEST_MOMENTS:
        return None
    if column.kind == "date":
        if column.date_format is None:
            return None
        steps, least = _steps(_seconds(frame, column)), "its dates never"
        falls, rises = bool((steps < 0).any()), bool((steps > 0).any())
        if falls and rises:
            return None
        return f"{least} {'rise' if falls else 'fall'} from one row to the next"
    values = frame[column.name]
    named = TIME_NAME.fullmatch(column.name.strip()) is not None
    if not named or column.kind not in (*NUMERIC, "identifier") or not values.dtype.is_numeric():
        return None
    steps = _steps(numbers(values).to_numpy().astype(np.float64))
    for grows, word in ((steps > 0, "rise"), (steps < 0, "fall")):
        if grows.all():
            return f"that is what its name says, and its values {word} with every row"
    return None


def _suggested(column: Column, why: str) -> Note:
    return Note(
        severity="info",
        code="time_suggested",
        message=f'"{column.name}" puts the rows in order of time: {why}. If later rows are to be '
        'told from earlier ones, give it the role "time": the latest rows are the test then, and a '
        "number can be forecast from the rows before. Until then rows are dealt out at random.",
        suggestion=_as_time(column),
    )


def _as_time(column: Column) -> Suggestion:
    return Suggestion(
        title=f'Give "{column.name}" the role time',
        name=column.name,
        role="time",
        kind="integer" if column.kind == "identifier" else None,
    )


def _seconds(frame: pl.DataFrame, column: Column) -> np.ndarray:
    values = seconds_of(as_text(frame[column.name]), column.date_format or "")
    return values.to_numpy().astype(np.float64)


def _steps(times: np.ndarray) -> np.ndarray:
    return np.diff(times[np.isfinite(times)])
