"""A table whose rows are steps as examples: windows of its rows, or whole groups of them."""

from models.data.dealt_steps import Dealt, Table, left_out
from models.data.description import Description, Note
from models.data.interface import Interface
from models.data.preparation import PreparedSequence
from models.data.prepare_groups import groups_of
from models.data.prepare_windows import windows_of
from models.data.sequence import Steps
from models.data.sequence_split import dealt_steps
from models.data.series import Order, ordered, spacing
from models.recipe import Recipe


def columns_of(steps: Steps | None) -> set[str]:
    """Return the columns that order and part the rows."""
    asked = (steps.time, steps.group) if steps is not None else ()
    return {column.name for column in asked if column is not None}


def deal_steps(
    table: Table, description: Description, recipe: Recipe, steps: Steps, asked: Interface
) -> Dealt:
    """Put the rows in order, make examples of them and deal these out.

    Raises:
        DocumentError: too few rows for the parts, or a group whose label changes.
    """
    if recipe.split is None:
        raise ValueError("a recipe in full has a split")
    by = dealt_steps(description, recipe.split, steps)
    order = ordered(table.frame, steps.time, steps.group)
    notes = _notes_on(order, steps)
    if steps.forecasts:
        return windows_of(table, order, recipe.split, steps, by, asked, notes)
    return groups_of(table, order, recipe.split, steps, by, asked, notes)


def prepared_sequence(steps: Steps) -> PreparedSequence:
    """Return what a model keeps of it."""
    time = steps.time
    return PreparedSequence(
        kind=steps.kind,
        window=steps.window,
        horizon=steps.horizon,
        time=time.name if time is not None else None,
        format=time.date_format if time is not None and time.kind == "date" else None,
        group=steps.group.name if steps.group is not None else None,
    )


def _notes_on(order: Order, steps: Steps) -> list[Note]:
    """Return what there is to tell of times and order."""
    notes: list[Note] = []
    if order.lacking:
        what = "rows without a value in the time or the group of the sequence"
        notes.append(left_out("missing_steps", order.lacking, what))
    if steps.time is None:
        return notes
    name = steps.time.name
    if not order.sorted:
        notes.append(
            Note(
                severity="info",
                code="rows_sorted",
                message=f'The rows of the file are not in order of "{name}"; they are taken in '
                "that order.",
            )
        )
    usual, uneven, doubles = spacing(order)
    if doubles:
        advice = "" if steps.group else ", or name the column that tells several series apart"
        notes.append(
            Note(
                severity="warning",
                code="duplicate_times",
                message=f'{doubles:,} rows have the same "{name}" as the row before them; they '
                f"stay in the order of the file. Remove them{advice}.",
                count=doubles,
            )
        )
    if uneven:
        notes.append(
            Note(
                severity="warning",
                code="uneven_times",
                message=f'{uneven:,} steps of "{name}" are not as long as most '
                f"({_lasting(usual or 0.0, dates=steps.time.kind == 'date')}). A window counts "
                "rows, whatever time lies between them.",
                count=uneven,
            )
        )
    return notes


def _lasting(step: float, *, dates: bool) -> str:
    if not dates:
        return f"{step:g}"
    for name, seconds in (("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0)):
        if step >= seconds:
            count = step / seconds
            return f"{count:g} {name}{'s' if count != 1 else ''}"
    return f"{step:g} seconds"
