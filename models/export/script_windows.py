"""How a script makes windows of rows that are steps, as a run does."""

from typing import Any

from models.call import repr_argument
from models.data.interface import Interface
from models.data.sequence import Steps
from models.data.sequence_split import gap_of
from models.data.target import NUMERIC
from models.export.unsaid import unsaid
from models.recipe import Split


def facts(steps: Steps, split: Split, asked: Interface) -> dict[str, Any]:
    """Return what the templates ask for.

    Raises:
        DocumentError: examples are whole groups, or windows that are dealt out in another way.
    """
    if not steps.forecasts:
        raise unsaid("windows of rows for a script, got whole groups", "sequence", "kind")
    if split.by != "time":
        raise unsaid(f"windows split by time for a script, got {split.by!r}", "split", "by")
    if gap_of(split, steps) > steps.reach:
        raise unsaid(
            f"a gap of {steps.reach}, as windows need, for a script, got {split.gap}",
            "split",
            "gap",
        )
    if len(asked.entries) > 1:
        raise unsaid("one Input for windows in a script, got several", "sequence")
    time, group = steps.time, steps.group
    return {
        "time": time is not None,
        "dates": time is not None and time.kind == "date",
        "group": group is not None,
        "numbers": group is not None and group.kind in NUMERIC,
    }


def constants(steps: Steps) -> list[str]:
    """Return what is known of the windows, as lines of the script."""
    lines = ["# Windows of so many rows; the target is that of a later row."]
    lines += [f"WINDOW, HORIZON, STRIDE = {steps.window}, {steps.horizon}, {steps.stride}"]
    lines += ["SHIFT = WINDOW - 1 + HORIZON"]
    if steps.time is not None:
        lines.append(f"TIME = {repr_argument(steps.time.name)}")
        if steps.time.kind == "date":
            lines.append(f"WRITTEN = {repr_argument(steps.time.date_format)}")
    if steps.group is not None:
        lines.append(f"GROUP = {repr_argument(steps.group.name)}")
    return lines


def imports(steps: Steps) -> set[str]:
    """Return the imports of what puts rows in order."""
    if steps.time is None or steps.time.kind != "date":
        return set()
    return {"from calendar import timegm", "from datetime import datetime"}
