"""Rows as steps: which columns order and part them, how many make an example, where the target is.

Arithmetic only, so that nothing need be read.
"""

from dataclasses import dataclass
from typing import Literal

from models.data.description import Column, Description
from models.data.lookup import find
from models.data.target import NUMERIC
from models.errors import Fix, SetRecipe, refuse
from models.recipe import Recipe, Sequence

USUAL_WINDOW = 24
FEWEST_STEPS = 14
LONGEST_SEASON = 96
"""A longer season is no window to begin with: steps cost time."""


@dataclass(frozen=True)
class Steps:
    """What one example is, where rows are steps; every value is decided.

    Attributes:
        kind: windows of consecutive rows, or whole groups.
        window: steps of an example.
        horizon: how many rows after a window's last one the target is; 0 for groups.
        stride: rows from the start of a window to that of the next.
        time: the column that orders the rows; None for the order of the file.
        group: the column that says which series a row belongs to; None for one series.
    """

    kind: Literal["windows", "groups"]
    window: int
    horizon: int
    stride: int
    time: Column | None
    group: Column | None

    @property
    def forecasts(self) -> bool:
        """Whether later rows are predicted."""
        return self.kind == "windows"

    @property
    def reach(self) -> int:
        """Rows of a window and its target but one: so many apart are two that share none."""
        return self.window + self.horizon - 1

    def asked(self) -> Sequence:
        """Return the part of a recipe that says this, in full."""
        return Sequence(
            kind=self.kind,
            window=self.window,
            horizon=self.horizon if self.forecasts else None,
            stride=self.stride if self.forecasts else None,
            time=self.time.name if self.time else None,
            group=self.group.name if self.group else None,
        )


def steps_of(description: Description, recipe: Recipe) -> Steps | None:
    """Return what an example is where the recipe says that rows are steps; None where it does not.

    Raises:
        DocumentError: columns that are not there or cannot be it, fields that contradict each
            other, or a window that is longer than the data; `where` is a path of the recipe.
    """
    asked = recipe.sequence
    if asked is None or asked == "none":
        return None
    if description.kind == "images":
        raise refuse(
            "sequence_of_images",
            "Expected no sequence for a dataset of images, whose examples are images, got one. "
            "Leave it out.",
            _leave_out(),
            path=["sequence"],
        )
    time = _column(description, "time", asked.time)
    group = _column(description, "group", asked.group)
    if time is not None:
        _check_time(time)
    if time is not None and group is not None and time.name == group.name:
        raise refuse(
            "contradiction",
            f'Expected two columns for time and group, got "{time.name}" for both. Choose another '
            "for one of them.",
            path=["sequence", "group"],
            column=time.name,
        )
    if asked.kind == "groups":
        return _groups(description, asked, time, group)
    steps = Steps(
        "windows",
        asked.window or proposed_window(description),
        asked.horizon or 1,
        asked.stride or 1,
        time,
        group,
    )
    _check_length(description, steps)
    return steps


def proposed_window(description: Description) -> int:
    """Return how many rows a window has where nobody says: whole seasons, or else a few."""
    longest, season = _longest(description), _season(description)
    if season is not None:
        return season * max(1, FEWEST_STEPS // season)
    return min(USUAL_WINDOW, max(1, longest // 20))


def why_window(description: Description) -> str:
    """Return why a window that is proposed has its length."""
    season = _season(description)
    if season is not None:
        return f"the target's changes repeat themselves most after {season}"
    longest = _longest(description)
    return f"short enough for {longest:,} rows in a series, long enough to see where they are going"


def _longest(description: Description) -> int:
    return description.series.longest if description.series is not None else description.rows


def _season(description: Description) -> int | None:
    season = description.series.season if description.series is not None else None
    if season is None or season > min(LONGEST_SEASON, _longest(description) // 10):
        return None
    return season


def count_of(description: Description, steps: Steps, rows: int) -> int:
    """Return about how many examples there are, of so many rows that can be used."""
    groups = max(1, steps.group.unique) if steps.group is not None else 1
    if not steps.forecasts:
        return min(groups, rows)
    return max(0, rows - groups * steps.reach) // steps.stride


def _groups(
    description: Description, asked: Sequence, time: Column | None, group: Column | None
) -> Steps:
    if group is None:
        raise refuse(
            "no_group",
            "Expected a column that says which rows are one sequence, got none. Name one in "
            "sequence.group, or give one the role group.",
            path=["sequence", "group"],
        )
    for name in ("horizon", "stride"):
        if getattr(asked, name) is not None:
            raise refuse(
                "contradiction",
                f"Expected no {name} for sequences that are whole groups, got "
                f"{getattr(asked, name)}. Leave it out, or set the kind to windows.",
                path=["sequence", name],
            )
    return Steps("groups", asked.window or proposed_length(description, group), 0, 1, time, group)


def proposed_length(description: Description, group: Column) -> int:
    """Return to what length groups are filled up or cut where nobody says."""
    series = description.series
    if series is not None and series.group == group.name:
        return min(series.longest, 1_000)
    counts = [bin.count for bin in group.distribution]
    mean = description.rows / max(1, group.unique)
    return max(1, min(1_000, max(counts, default=round(2 * mean))))


def _column(description: Description, role: str, name: str | None) -> Column | None:
    """Return the column that is named, or that has the role."""
    if name is not None:
        return find(description, name, {"path": ["sequence", role]})
    return next((column for column in description.columns if column.role == role), None)


def _check_time(column: Column) -> None:
    known = column.kind != "date" or column.date_format is not None
    if column.kind in (*NUMERIC, "date") and known:
        return
    raise refuse(
        "unusable_time",
        f'Expected dates or numbers to order rows by, got "{column.name}" of kind {column.kind} '
        f"({column.kind_reason}). Choose another column, or change its kind at the dataset.",
        path=["sequence", "time"],
        column=column.name,
    )


def _check_length(description: Description, steps: Steps) -> None:
    """Check that a window and its target fit into the longest series, as far as that is known."""
    longest, whose = description.rows, "the dataset"
    if steps.group is not None:
        series = description.series
        counts = [bin.count for bin in steps.group.distribution]
        if series is not None and series.group == steps.group.name:
            longest = series.longest
        elif counts and steps.group.unique == len(counts):
            longest = max(counts)
        whose = f'the longest series of "{steps.group.name}"'
    if steps.reach < longest:
        return
    raise too_long(steps, longest, whose)


def too_long(steps: Steps, longest: int, whose: str) -> Exception:
    """Return the refusal of windows into which no series fits."""
    fits = longest - steps.horizon
    values = {"sequence": steps.asked().model_copy(update={"window": max(1, fits // 4)})}
    fix = Fix(
        title=f"Set the window to {max(1, fits // 4)}",
        changes=[SetRecipe(values={"sequence": values["sequence"].model_dump(mode="json")})],
    )
    return refuse(
        "window_too_long",
        f"Expected a window and a horizon that fit into the {longest:,} rows of {whose}, got "
        f"{steps.window:,} and {steps.horizon:,}: together {steps.reach + 1:,} rows. Shorten the "
        "window or the horizon.",
        fix if fits > 1 else None,
        path=["sequence", "window"],
    )


def _leave_out() -> Fix:
    return Fix(title="Leave it out", changes=[SetRecipe(values={"sequence": None})])
