"""Changing what a dataset's columns are taken for: their kinds, their roles, their treatment."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from models.data.columns import describe, with_texts, written_as
from models.data.date_formats import known_formats
from models.data.describe import set_targets
from models.data.description import Column, Description
from models.data.files import TABLE
from models.data.kinds import infer
from models.data.lookup import near
from models.data.target import FEATURE_KINDS, INPUT_KINDS, NUMERIC, USUAL_INPUTS
from models.data.treatment import Treatment
from models.data.treatment_check import check_treatment
from models.data.weight import check_weight
from models.errors import refuse

_ALONE = ("weight", "time", "group")
"""Roles that one column has at most."""
_SUITED = {
    "input": "numbers, categories, dates or texts",
    "time": "dates or numbers",
    "group": "several different values",
}


def change(
    folder: Path, description: Description, patches: Sequence[Mapping[str, Any]]
) -> Description:
    """Return the description with patches applied: `ColumnPatch` has their fields.

    Columns whose role becomes target replace those before; with several, the first makes the
    problem. One whose role becomes weight, time or group replaces the one before. A new kind brings
    its own role and treatment unless they are given. A treatment that is given replaces all that
    was chosen before. The problem is proposed anew. The argument is left as it is.

    Raises:
        DocumentError: no such column, one that is given two of one thing, a kind that the values do
            not suit, or a role, a format or a treatment that the kind does not allow; nothing is
            changed.
    """
    if description.kind == "images" and patches:
        raise refuse(
            "no_columns",
            "Expected no changes of columns for a dataset of images, whose classes are its "
            "folders. Rename the folders and upload it again.",
            path=["columns"],
        )
    if not patches:
        return description
    _check_once(patches)
    return changed(pl.read_parquet(folder / TABLE, glob=False), description, patches)


def _check_once(patches: Sequence[Mapping[str, Any]]) -> None:
    given: set[tuple[str, str]] = set()
    for index, patch in enumerate(patches):
        name = patch["name"]
        for field, value in patch.items():
            if field == "name" or value is None:
                continue
            if (name, field) in given:
                raise refuse(
                    "column_twice",
                    f'Expected one {field} for the column "{name}", got two. Send one of them.',
                    path=["columns", index, field],
                    column=name,
                )
            given.add((name, field))


def changed(
    frame: pl.DataFrame, description: Description, patches: Sequence[Mapping[str, Any]]
) -> Description:
    """Return what `change` does of a table that is at hand."""
    changed = description.model_copy(deep=True)
    targets, named = _targets(description), []
    for index, patch in enumerate(patches):
        position = _position(changed.columns, patch["name"], index)
        column = changed.columns[position]
        if patch.get("kind") is not None and patch["kind"] != column.kind:
            values = frame[column.name]
            fresh = describe(values, chosen=patch["kind"])
            if infer(values).kind == fresh.kind:
                fresh = describe(values)
            fresh.role = column.role if fresh.kind in INPUT_KINDS else "ignore"
            unlike = ["ignore"] if fresh.kind in NUMERIC else ["ignore", "weight"]
            if column.role in unlike and fresh.kind in INPUT_KINDS:
                fresh.role = "input"
            changed.columns[position] = column = fresh
        if patch.get("date_format") is not None:
            _check_format(column, patch["date_format"], index)
            column = written_as(column, frame[column.name], patch["date_format"])
            changed.columns[position] = column
        if patch.get("treatment") is not None:
            chosen = Treatment.model_validate(patch["treatment"])
            check_treatment(column, chosen, ["columns", index, "treatment"])
            column.treatment = chosen
        if patch.get("role") is not None:
            _check_role(column, patch["role"], index)
            if patch["role"] in _ALONE:
                _take_away(changed.columns, patch["role"])
            column.role = patch["role"]
            if column.role == "input" and column.kind == "text" and column.text is None:
                # Of a dataset that was read before texts were looked at.
                with_texts(column, frame[column.name])
            targets = [name for name in targets if name != column.name]
            named = [name for name in named if name != column.name]
            if column.role == "target":
                named.append(column.name)
    kinds = {column.name: column.kind for column in changed.columns}
    wanted = [name for name in named or targets if kinds[name] in FEATURE_KINDS]
    before = description.problem
    if wanted and before is not None and before.target == wanted[0]:
        set_targets(frame, changed, wanted, before.reason.split("; ")[0])
    else:
        set_targets(frame, changed, wanted)
    return changed


def _position(columns: list[Column], name: str, index: int) -> int:
    for position, column in enumerate(columns):
        if column.name == name:
            return position
    raise refuse(
        "unknown_column",
        f'Expected a column of the dataset, got "{name}". '
        + near(name, [column.name for column in columns]),
        path=["columns", index, "name"],
        column=name,
    )


def _targets(description: Description) -> list[str]:
    """Return the columns whose role is target, that of the problem first."""
    names = [column.name for column in description.columns if column.role == "target"]
    first = description.problem.target if description.problem else None
    return sorted(names, key=lambda name: name != first)


def _take_away(columns: list[Column], role: str) -> None:
    """Take a role that one column can have from the one that has it: another gets it."""
    for column in columns:
        if column.role == role:
            column.role = "input" if column.kind in USUAL_INPUTS else "ignore"


def _check_role(column: Column, role: str, index: int) -> None:
    if role == "weight":
        check_weight(column, {"path": ["columns", index, "role"]})
    if role == "group" and column.kind not in ("empty", "constant"):
        return
    if role == "time" and column.kind in (*NUMERIC, "date"):
        return
    allowed = {"input": INPUT_KINDS, "time": (), "group": ()}.get(role, FEATURE_KINDS)
    if role == "ignore" or column.kind in allowed:
        return
    suited = _SUITED.get(role, "numbers or categories")
    advice = {
        "empty": "Fill in values and upload it again.",
        "constant": "Choose another column.",
    }.get(column.kind, "Change its kind to category or number first.")
    raise refuse(
        "role_mismatch",
        f'Expected a column of {suited} as {role}, got "{column.name}" of kind '
        f"{column.kind} ({column.kind_reason}). {advice}",
        path=["columns", index, "role"],
        column=column.name,
    )


def _check_format(column: Column, format: str, index: int) -> None:
    if format in column.date_formats:
        return
    expected = (
        f"one of the formats that read all dates of it: {known_formats(column.date_formats)}"
        if column.date_formats
        else f"no format, because it is of kind {column.kind}"
    )
    raise refuse(
        "format_mismatch",
        f'Expected for "{column.name}" {expected}, got "{format}".',
        path=["columns", index, "date_format"],
        column=column.name,
    )
