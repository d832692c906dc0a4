"""How a script reads the data and prepares it, as a run does."""

import inspect
from collections.abc import Sequence
from typing import Any

from models.call import repr_argument
from models.data.csv.blanks import BLANKS
from models.data.description import Description, Reading
from models.data.interface import Interface
from models.data.origin import PixelColumns
from models.data.workbook import text_of
from models.export import script_images, script_treatments
from models.export.script_split import constant

OF_CELLS = "from datetime import date, datetime, time, timedelta"
"""The import of what makes text of a cell's value."""
_READERS = {
    "csv": {"import csv"},
    "workbook": {"from openpyxl import load_workbook", "from typing import Any", OF_CELLS},
    "parquet": {
        "import polars as pl",
        "import polars.selectors as cs",
        "from typing import Any",
        OF_CELLS,
    },
}


def facts(description: Description, asked: Interface) -> dict[str, Any]:
    """Return what the templates ask for."""
    columns = [entry for entry in description.columns if entry.name in asked.columns]
    reading = _reading(description)
    texts = any(_is_text(column.kind) for column in columns)
    values = {"numbered": True, "coded": texts or any(goal.classes for goal in asked.goals)}
    if description.kind == "images":
        values = script_images.uses_values(description, asked)
    return {
        **values,
        "file": reading.type,
        "sheet": repr_argument(reading.sheet),
        "zoned": any(note.code == "time_zone" for note in description.report),
        "text_of": inspect.getsource(text_of),
        "encoding": repr_argument("utf-8-sig" if reading.encoding == "utf-8" else reading.encoding),
        "delimiter": repr_argument(reading.delimiter),
        "aligned": reading.delimiter == BLANKS,
        "decimal": reading.decimal,
        "header": reading.header,
        "missing": _set(reading.missing),
        "absent": _list(["", *reading.missing]),
        "texts": texts,
        "booleans": any(column.kind == "boolean" for column in columns),
        **script_treatments.facts(script_treatments.treatments(description, asked)),
        "weight": asked.weight is not None,
        "inputs": len(asked.entries),
    }


def constants(description: Description, asked: Interface) -> str:
    """Return what is known of the data, as the script's first lines."""
    lines = []
    if description.kind == "images":
        lines += script_images.constants(description, asked)
    else:
        lines += _columns(description, asked)
        targets = {constant("TARGET", goal, asked): goal.target for goal in asked.goals}
        lines += [f"{name} = {repr_argument(target)}" for name, target in targets.items()]
        if asked.weight is not None:
            lines.append(f"WEIGHT = {repr_argument(asked.weight)}  # how much each row counts")
    of_goals = {constant("CLASSES", goal, asked): goal.classes for goal in asked.goals}
    lines += [f"{name} = {_list(known)}" for name, known in of_goals.items() if known is not None]
    return "\n".join(lines)


def imports(description: Description, asked: Interface) -> set[str]:
    """Return the imports of the functions that read, prepare and deal."""
    lines = {"import math", "import sys", "import numpy as np"}
    if _is_table(description):
        lines |= _READERS[_reading(description).type]
    if description.kind == "images":
        return lines | script_images.imports(description, asked)
    return lines | script_treatments.imports(script_treatments.treatments(description, asked))


def file_name(description: Description) -> str:
    """Return what the file that a script reads may be called."""
    if not _is_table(description):
        return script_images.file_name(description)
    ends = {"csv": "csv", "workbook": "xlsx", "parquet": "parquet"}
    name = "images" if description.kind == "images" else "data"
    return f"{name}.{ends[_reading(description).type]}"


def _is_table(description: Description) -> bool:
    return description.kind != "images" or isinstance(description.origin, PixelColumns)


def _reading(description: Description) -> Reading:
    usual = Reading(encoding="utf-8", delimiter=",", decimal=".", header=True)
    return description.reading or usual


def _columns(description: Description, asked: Interface) -> list[str]:
    columns = {column.name: column for column in description.columns}
    several = len(asked.entries) > 1
    lines = ["# The input columns: of text with their categories, of numbers with None."]
    if several:
        lines[0] = "# The columns that enter at each Input: of text with their categories."
    lines.append("INPUTS = {")
    for entry in asked.entries:
        if several:
            lines.append(f"{repr_argument(entry.node)}: {{")
        for name in entry.columns:
            column = columns[name]
            told = _list(column.ranked) if _is_text(column.kind) else "None"
            lines.append(f"{repr_argument(name)}: {told},")
        if several:
            lines.append("},")
    lines.append("}")
    booleans = [name for name in asked.columns if columns[name].kind == "boolean"]
    if booleans:
        lines.append(f"BOOLEANS = {_set(booleans)}")
    told = script_treatments.treatments(description, asked)
    return lines + script_treatments.constants(told)


def _is_text(kind: str) -> bool:
    return kind in ("category", "boolean")


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(repr_argument, names))}]"


def _set(names: Sequence[str]) -> str:
    return f"{{{', '.join(map(repr_argument, names))}}}" if names else ""
