"""Are there groups, moments and windows enough for a split? As far as the description tells.

What is refused here is certain: figures that are not known are taken for the best.
"""

from dataclasses import replace

from models.data.dealt_by import DealtBy
from models.data.description import Description
from models.data.sequence import Steps
from models.data.sequence_split import gap_of
from models.data.shares import before_folds, sizes, too_few_for_folds
from models.errors import DocumentError, Fix, SetRecipe, refuse
from models.recipe import Split


def check_keys(by: DealtBy, split: Split) -> None:
    """Check that a column has groups or moments enough for each part, or for each fold.

    Raises:
        DocumentError: it has fewer different values.
    """
    if by.column is None or by.by not in ("group", "stratified_group", "time"):
        return
    what = "moments" if by.by == "time" else "groups"
    found, name = by.column.unique, by.column.name
    if split.folds is not None:
        _check_folds(split.folds, split, what, found, name)
        return
    needed = 1 + (split.validation > 0) + (split.test > 0)
    if found < needed:
        raise refuse(
            "too_few_groups" if what == "groups" else "too_few_rows",
            f"Expected at least {needed} {what} for this split, one for each part, got {found} of "
            f'"{name}". Set a share to 0, or split in another way.',
            _without_validation(split),
            path=["split"],
            column=name,
        )


def _check_folds(folds: int, split: Split, what: str, found: int, name: str) -> None:
    # By time the earliest rows validate never.
    first = int(what == "moments")
    beside = found - (split.test > 0)
    if beside >= folds + first:
        return
    most = beside - first
    error = too_few_for_folds(f'{what} of "{name}"', folds + first, beside, most)
    # Moments may be of many rows, so that fewer folds need not fit either.
    raise error if what == "moments" else _fewer_folds(error, split, most)


def check_windows(description: Description, steps: Steps, split: Split) -> None:
    """Check that there are windows enough for parts, or folds, by time that share no row.

    Raises:
        DocumentError: there are not, whatever windows lack a value.
    """
    found = _most(description, steps)
    if found is None:
        return
    windows, over = found
    lost = over + max(0, gap_of(split, steps) - steps.reach)
    if not _parts_fit(windows, lost, split):
        raise _too_few_windows(description, steps, split, windows)
    if split.folds is None:
        return
    left, folds = windows, split.folds
    if split.test > 0:
        left -= lost
        left -= sizes(left, before_folds(split)).test
    if _folds_fit(left, lost, folds):
        return
    most = next((fewer for fewer in range(folds, 1, -1) if _folds_fit(left, lost, fewer)), 0)
    raise _fewer_folds(
        too_few_for_folds(
            f"windows, of which {lost:,} reach over the begin of each fold,",
            folds * max(1, lost + 1 - folds) + lost + 1,
            left,
            most,
        ),
        split,
        most,
    )


def _most(description: Description, steps: Steps) -> tuple[int, int] | None:
    """Return how many windows there are at most, and how many reach over a moment; None: unknown.

    Of several series that is known where none is too short for a window.
    """
    missing = [column.missing for column in (steps.time, steps.group) if column is not None]
    rows, over = description.rows - max(missing, default=0), steps.reach // steps.stride
    if steps.group is None:
        return max(0, -(-(rows - steps.reach) // steps.stride)), over
    series = description.series
    if series is None or series.group != steps.group.name or series.shortest <= steps.reach:
        return None
    count = series.series
    return (rows - count * steps.reach) // steps.stride + count, count * over


def _parts_fit(windows: int, lost: int, split: Split) -> bool:
    """Return whether each part that is asked for, and the training, gets a window."""
    later = (split.validation > 0 and split.folds is None) + (split.test > 0)
    return windows - later * lost > later


def _folds_fit(windows: int, lost: int, folds: int) -> bool:
    """Return whether the first fold has windows to train on, before those that reach over."""
    size = windows // (folds + 1)
    return size > 0 and windows - folds * size > lost


def _too_few_windows(
    description: Description, steps: Steps, split: Split, windows: int
) -> DocumentError:
    # A gap that only is what these windows need becomes what shorter ones need.
    loose = split.model_copy(update={"gap": 0}) if split.gap <= steps.reach else split
    fix, length = None, steps.window // 2
    while length and fix is None:
        shorter = replace(steps, window=length)
        found = _most(description, shorter)
        if found is not None:
            extra = max(0, gap_of(loose, shorter) - shorter.reach)
            if _parts_fit(found[0], found[1] + extra, split):
                values = {"sequence": shorter.asked(), "split": loose}
                told = {name: value.model_dump(mode="json") for name, value in values.items()}
                fix = Fix(title=f"Set the window to {length}", changes=[SetRecipe(values=told)])
        length //= 2
    return refuse(
        "too_few_rows",
        f"Expected windows for parts that share no row, got {windows:,} windows of "
        f"{steps.window:,} rows and a horizon of {steps.horizon:,} in all, of which "
        f"{steps.reach:,} reach over the begin of each part. Shorten the window or the horizon, "
        "set a share to 0, or add rows.",
        fix,
        path=["sequence", "window"],
    )


def _fewer_folds(error: DocumentError, split: Split, most: int) -> DocumentError:
    """Return the refusal with a fix, where fewer folds can be had."""
    if most < 2:
        return error
    fewer = split.model_copy(update={"folds": most, "fold": min(split.fold or 1, most)})
    change = SetRecipe(values={"split": fewer.model_dump(mode="json")})
    fix = Fix(title=f"Deal into {most} folds", changes=[change])
    return DocumentError([error.problems[0].model_copy(update={"fix": fix})])


def _without_validation(split: Split) -> Fix:
    change = split.model_copy(update={"validation": 0.0}).model_dump(mode="json")
    return Fix(
        title="Validate nothing",
        changes=[SetRecipe(values={"split": change, "early_stopping": "none"})],
    )
