"""How a script reads the data, prepares it and deals it out, as a run does."""

from collections.abc import Sequence
from typing import Any

from models.call import repr_argument
from models.data.description import Description, Reading
from models.data.interface import Interface
from models.export import script_treatments
from models.export.script_split import constant
from models.export.unsaid import unsaid

_OTHER_IMAGES = {"arrays": "arrays", "labels_from_table": "a table of labels"}
"""What is told of images that are not in folders of classes."""


def facts(description: Description, asked: Interface) -> dict[str, Any]:
    """Return what the templates ask for."""
    columns = [entry for entry in description.columns if entry.name in asked.columns]
    reading = description.reading or Reading(
        encoding="utf-8", delimiter=",", decimal=".", header=True
    )
    if reading.type != "csv":
        raise unsaid(f"a CSV file for a script to read, got a {reading.type}")
    for note in description.report:
        if description.kind == "images" and note.code in _OTHER_IMAGES:
            what = _OTHER_IMAGES[note.code]
            raise unsaid(f"images in folders of their classes for a script to read, got {what}")
    return {
        "encoding": repr_argument("utf-8-sig" if reading.encoding == "utf-8" else reading.encoding),
        "delimiter": repr_argument(reading.delimiter),
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
    images = description.kind == "images"
    needed = {"io", "zipfile"} if images else {"csv"}
    lines = {f"import {name}" for name in ("math", "sys", *needed)} | {"import numpy as np"}
    if images:
        return lines | {"from PIL import Image, ImageOps"}
    return lines | script_treatments.imports(script_treatments.treatments(description, asked))


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
            told = _list(column.categories or []) if _is_text(column.kind) else "None"
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
