"""Rows that are sent to be predicted from, as the sequences that a model takes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import DocumentError, Problem, refuse

if TYPE_CHECKING:
    from models.data.preparation import Preparation, PreparedSequence

Row = Mapping[str, Any]


def found_in(series: np.ndarray, sequence: "PreparedSequence") -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last row of each sequence that rows make, (N,) each.

    Args:
        series: of each row, (rows,); rows of a series follow each other, in order of time.

    Raises:
        DocumentError: no series has rows enough.
    """
    bounds = np.flatnonzero(np.diff(series, prepend=-1, append=-1))
    begins, ends = bounds[:-1], bounds[1:]
    if sequence.kind == "groups":
        return begins, np.minimum(ends, begins + sequence.window) - 1
    pairs = zip(begins, ends, strict=True)
    whole = [np.arange(first, max(first, end - sequence.window + 1)) for first, end in pairs]
    firsts = np.concatenate(whole) if whole else begins
    if not len(firsts):
        raise refuse(
            "too_few_rows",
            f"Expected at least {sequence.window:,} rows of one series, as many as a window has, "
            f"got {int((ends - begins).max(initial=0)):,}. Send more rows, oldest first.",
            path=["rows"],
        )
    return firsts, firsts + sequence.window - 1


def gathered(raw: np.ndarray, firsts: np.ndarray, lasts: np.ndarray, window: int) -> np.ndarray:
    """Return sequences of rows, (N, window, columns); NaN behind the last row of each."""
    places = firsts[:, None] + np.arange(window)
    inside = places <= lasts[:, None]
    found = raw[np.where(inside, places, 0)]
    found[~inside] = np.nan
    return found


def encoded(
    preparation: "Preparation", sequence: "PreparedSequence", rows: Sequence[Row | Sequence[Row]]
) -> np.ndarray:
    """Return rows that are sent as JSON as sequences, (N, window, columns).

    A list of rows is one series, or, where each has the column of groups, one for each group: every
    window in it is an example. A list of lists has an example in each. Oldest rows come first.

    Raises:
        DocumentError: too few rows, or a value that is not as its column asks.
    """
    nested = [row for row in rows if not isinstance(row, Mapping)]
    if not nested:
        flat = [row for row in rows if isinstance(row, Mapping)]
        series = _series_of(flat, sequence.group)
        order = np.argsort(series, kind="stable")
        raw = preparation.encode_rows(flat).numpy()
        return gathered(raw[order], *found_in(series[order], sequence), sequence.window)
    if len(nested) != len(rows):
        raise refuse(
            "mixed_rows",
            "Expected either rows, or lists of rows that are a sequence each, got both. Send one "
            "of them.",
            path=["rows"],
        )
    return np.concatenate(
        [_one(preparation, sequence, one, place) for place, one in enumerate(nested)]
    )


def _one(
    preparation: "Preparation", sequence: "PreparedSequence", rows: Sequence[Row], place: int
) -> np.ndarray:
    wanted = sequence.window
    if not rows or (sequence.kind == "windows" and len(rows) != wanted):
        expected = f"{wanted:,} rows" if sequence.kind == "windows" else "at least one row"
        raise refuse(
            "window_length",
            f"Expected {expected} in each sequence, got {len(rows):,} in sequence {place + 1:,}. "
            "Send as many, oldest first.",
            path=["rows", place],
        )
    try:
        raw = preparation.encode_rows(rows).numpy()
    except DocumentError as error:
        raise DocumentError([_within(problem, place) for problem in error.problems]) from error
    return gathered(raw, *found_in(np.zeros(len(raw), np.int64), sequence), wanted)


def _within(problem: Problem, place: int) -> Problem:
    """Return the problem of a row as one of a sequence."""
    path = ["rows", place, *problem.where.path[1:]]
    return problem.model_copy(
        update={
            "message": f"Sequence {place + 1:,}, {problem.message[0].lower()}{problem.message[1:]}",
            "where": problem.where.model_copy(update={"path": path}),
        }
    )


def _series_of(rows: Sequence[Row], group: str | None) -> np.ndarray:
    """Return which series each row belongs to, in the order in which they first appear."""
    if group is None or any(group not in row for row in rows):
        return np.zeros(len(rows), dtype=np.int64)
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(str(row[group]), len(codes)) for row in rows], dtype=np.int64)
