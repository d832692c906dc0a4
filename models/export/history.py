"""A run's curves as CSV: one row for each epoch, one column for each value."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def history_csv(events: Iterable[Mapping[str, Any]]) -> str:
    """Return the epochs of a run's metrics, as `Metrics` events are stored, as CSV text.

    Columns: epoch, step, then each training value by its name and each validation value as
    `val_<name>`. A value that is not known, or was not finite, is empty.
    """
    rows: dict[int, dict[str, Any]] = {}
    names: dict[str, None] = {}
    for event in events:
        if event["scope"] != "epoch":
            continue
        row = rows.setdefault(event["epoch"], {})
        row["step"] = event["step"]
        prefix = "val_" if event["split"] == "validation" else ""
        for name, value in event["values"].items():
            names[prefix + name] = None
            row[prefix + name] = value
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    ordered = sorted(names, key=lambda name: name.startswith("val_"))
    writer.writerow(["epoch", "step", *map(neutral, ordered)])
    for epoch, row in sorted(rows.items()):
        writer.writerow([epoch, row["step"], *(row.get(name) for name in ordered)])
    return text.getvalue()


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
