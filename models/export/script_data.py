"""How a script reads the data and prepares it, as a run does."""

import inspect
from collections.abc import Sequence
from typing import Any

from models.call import repr_argument
from models.data.csv.blanks import BLANKS
from models.data.description import Description, Reading
from models.data.interface import Interface
from models.data.workbook import text_of
from models.export import script_treatments
from models.export.script_split import constant
from models.export.unsaid import unsaid

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
_OTHER_IMAGES = {"arrays": "arrays", "labels_from_table": "a table of labels"}
"""What is told of images that are not in folders of classes."""


def facts(description: Description, asked: Interface) -> dict[str, Any]:
    """Return what the templates ask for."""
    columns = [entry for entry in description.columns if entry.name in asked.columns]
    reading = _reading(description)
    for note in description.report:
        if description.kind == "images" and note.code in _OTHER_IMAGES:
            what = _OTHER_IMAGES[note.code]
            raise unsaid(f"images in folders of their classes for a script to read, got {what}")
    return {
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
        "texts": any(_is_text(column.kind) for column in columns),
        "booleans": any(column.kind == "boolean" for column in columns),
        **script_treatments.facts(script_treatments.treatments(description, asked)),
        "images": description.kind == "images",
        "weight": asked.weight is not None,
        "any_classes": any(goal.classes is not None for goal in asked.goals),
        "inputs": len(asked.entries),
    }


def constants(description: Description, asked: Interface) -> str:
    """Return what is known of the data, as the script's first lines."""
    lines = []
    if description.kind == "images":
        lines += [f"SHAPE = {asked.input_shape}  # channels, height, width"]
        lines += ['JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}']
    else:
        lines += _columns(description, asked)
        lines += [
            f"{constant('TARGET', goal, asked)} = {repr_argument(goal.target)}"
            for goal in asked.goals
        ]
        if asked.weight is not None:
            lines.append(f"WEIGHT = {repr_argument(asked.weight)}  # how much each row counts")
    for goal in asked.goals:
        if goal.classes is not None:
            lines.append(f"{constant('CLASSES', goal, asked)} = {_list(goal.classes)}")
    return "\n".join(lines)


def imports(description: Description, asked: Interface) -> set[str]:
    """Return the imports of the functions that read, prepare and deal."""
    lines = {"import math", "import sys", "import numpy as np"}
    if description.kind == "images":
        lines |= {"import io", "import zipfile", "from PIL import Image, ImageOps"}
        return lines | ({"from itertools import pairwise"} if description.split else set())
    lines |= _READERS[_reading(description).type]
    return lines | script_treatments.imports(script_treatments.treatments(description, asked))


def file_name(description: Description) -> str:
    """Return what the file that a script reads may be called."""
    ends = {"csv": "csv", "workbook": "xlsx", "parquet": "parquet"}
    if description.kind == "images":
        return "images.zip"
    return f"data.{ends[_reading(description).type]}"


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
