"""How a script makes windows of rows that are steps, as a run does."""

from typing import Any

from models.data.interface import Interface
from models.data.sequence import Steps
from models.data.sequence_split import gap_of
from models.export import script_split
from models.export.unsaid import unsaid
from models.recipe import Split


def facts(steps: Steps, split: Split, asked: Interface) -> dict[str, Any]:
    """Return what the templates ask for.

    Raises:
        DocumentError: examples are whole groups, or there are several Inputs.
    """
    if not steps.forecasts:
        raise unsaid("windows of rows for a script, got whole groups", "sequence", "kind")
    if len(asked.entries) > 1:
        raise unsaid("one Input for windows in a script, got several", "sequence")
    time, group = steps.time, steps.group
    return {
        "time": script_split.times(time) if time is not None else None,
        "group": script_split.groups(group) if group is not None else None,
        "apart": gap_of(split, steps) - steps.reach,
    }


def constants(steps: Steps) -> list[str]:
    """Return what is known of the windows, as lines of the script."""
    lines = ["# Windows of so many rows; the target is that of a later row."]
    lines += [f"WINDOW, HORIZON, STRIDE = {steps.window}, {steps.horizon}, {steps.stride}"]
    lines += ["SHIFT = WINDOW - 1 + HORIZON"]
    if steps.time is not None:
        lines += script_split.time_constants(steps.time)
    if steps.group is not None:
        lines += script_split.group_constants(steps.group)
    return lines
