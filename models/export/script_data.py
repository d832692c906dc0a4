"""How a script reads the data, prepares it and deals it out, as a run does."""

from collections.abc import Sequence
from typing import Any

from models.call import repr_argument
from models.data.description import Description, Reading
from models.data.interface import Goal, Interface
from models.export import script_treatments
from models.export.unsaid import unsaid
from models.recipe import Split


def facts(description: Description, asked: Interface, split: Split) -> dict[str, Any]:
    """Return what the templates ask for."""
    columns = [entry for entry in description.columns if entry.name in asked.columns]
    reading = description.reading or Reading(
        encoding="utf-8", delimiter=",", decimal=".", header=True
    )
    if reading.type != "csv":
        raise unsaid(f"a CSV file for a script to read, got a {reading.type}")
    by = asked.stratified if split.stratify and split.shuffle else None
    return {
        "encoding": repr_argument("utf-8-sig" if reading.encoding == "utf-8" else reading.encoding),
        "delimiter": repr_argument(reading.delimiter),
        "decimal": reading.decimal,
        "header": reading.header,
        "missing": _set(reading.missing),
        "texts": any(_is_text(column.kind) for column in columns),
        "booleans": any(column.kind == "boolean" for column in columns),
        **script_treatments.facts(script_treatments.treatments(description, asked)),
        "images": description.kind == "images",
        "weight": asked.weight is not None,
        "any_classes": any(goal.classes is not None for goal in asked.goals),
        "inputs": len(asked.entries),
        "stratified": asked.goals.index(by) if by is not None else None,
        "strata": _constant("CLASSES", by, asked) if by is not None else None,
        "shuffle": split.shuffle,
        "split_seed": split.seed,
        "validation": split.validation,
        "test": split.test,
        "validates": split.validation > 0,
        "tests": split.test > 0,
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
            f"{_constant('TARGET', goal, asked)} = {repr_argument(goal.target)}"
            for goal in asked.goals
        ]
        if asked.weight is not None:
            lines.append(f"WEIGHT = {repr_argument(asked.weight)}  # how much each row counts")
    for goal in asked.goals:
        if goal.classes is not None:
            lines.append(f"{_constant('CLASSES', goal, asked)} = {_list(goal.classes)}")
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


def _constant(name: str, goal: Goal, asked: Interface) -> str:
    """Return the name of what is known of a goal; that of the only one is short."""
    return f"{name}_{goal.end.node}".upper() if len(asked.goals) > 1 else name


def _is_text(kind: str) -> bool:
    return kind in ("category", "boolean")


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(repr_argument, names))}]"


def _set(names: Sequence[str]) -> str:
    return f"{{{', '.join(map(repr_argument, names))}}}" if names else ""
