"""How a script makes windows of rows, or sequences of whole groups, as a run does."""

from typing import Any

from models.data.description import Description
from models.data.interface import Interface
from models.data.sequence import Steps
from models.data.sequence_split import gap_of
from models.export import script_split
from models.recipe import Split


def facts(
    steps: Steps | None, split: Split, description: Description, asked: Interface
) -> dict[str, Any]:
    """Return what the templates ask for."""
    if steps is None:
        return {"order": None, "windows": None, "whole": None}
    time, group = steps.time, steps.group
    inputs = [column for column in description.columns if column.name in asked.columns]
    return {
        "order": {
            "time": script_split.times(time) if time is not None else None,
            "group": script_split.groups(group) if group is not None else None,
        },
        "windows": {"apart": gap_of(split, steps) - steps.reach} if steps.forecasts else None,
        # A step without any value is what groups are filled up with.
        "whole": None if steps.forecasts else {"blank": all(one.missing for one in inputs)},
    }


def constants(steps: Steps) -> list[str]:
    """Return what is known of the sequences, as lines of the script."""
    if steps.forecasts:
        lines = ["# Windows of so many rows; the target is that of a later row."]
        lines += [f"WINDOW, HORIZON, STRIDE = {steps.window}, {steps.horizon}, {steps.stride}"]
        lines += ["SHIFT = WINDOW - 1 + HORIZON"]
    else:
        lines = [
            "# Each group of rows is a sequence of so many steps: cut, or filled up with zeros."
        ]
        lines += [f"STEPS = {steps.window}"]
    if steps.time is not None:
        lines += script_split.time_constants(steps.time)
    if steps.group is not None:
        lines += script_split.group_constants(steps.group)
    return lines
