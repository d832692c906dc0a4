"""Changing what a dataset's columns are taken for: their kinds and their roles."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from models.data.columns import NUMERIC, describe
from models.data.describe import set_target
from models.data.description import Column, Description
from models.data.files import TABLE
from models.data.kinds import infer
from models.data.lookup import near
from models.data.target import FEATURE_KINDS
from models.data.weight import check_weight
from models.errors import refuse


def change(
    folder: Path, description: Description, patches: Sequence[Mapping[str, Any]]
) -> Description:
    """Return the description with `{"name", "kind"?, "role"?}` patches applied.

    A column whose role becomes target or weight replaces the one before. A new kind brings its own
    role unless one is given. The problem is proposed anew. The argument is left as it is.

    Raises:
        DocumentError: no such column, a kind that the values do not suit, or a role that the kind
            does not allow; nothing is changed then.
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
    changed = description.model_copy(deep=True)
    frame = pl.read_parquet(folder / TABLE, glob=False)
    target = changed.problem.target if changed.problem else None
    for index, patch in enumerate(patches):
        position = _position(changed.columns, patch["name"], index)
        column = changed.columns[position]
        if patch.get("kind") is not None and patch["kind"] != column.kind:
            values = frame[column.name]
            fresh = describe(values, chosen=patch["kind"])
            if infer(values).kind == fresh.kind:
                fresh = describe(values)
            fresh.role = column.role if fresh.kind in FEATURE_KINDS else "ignore"
            unlike = ["ignore"] if fresh.kind in NUMERIC else ["ignore", "weight"]
            if column.role in unlike and fresh.kind in FEATURE_KINDS:
                fresh.role = "input"
            changed.columns[position] = column = fresh
        if patch.get("role") is not None:
            _check_role(column, patch["role"], index)
            if patch["role"] == "weight":
                _only_weight(changed.columns)
            column.role = patch["role"]
            if column.role == "target":
                target = column.name
            elif target == column.name:
                target = None
    still_there = any(
        column.name == target and column.kind in FEATURE_KINDS for column in changed.columns
    )
    before = description.problem
    if still_there and before is not None and before.target == target:
        set_target(frame, changed, target, before.reason.split("; ")[0])
    else:
        set_target(frame, changed, target if still_there else None)
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


def _only_weight(columns: list[Column]) -> None:
    """Make the column that was the weight of the rows an input again: another becomes it."""
    for column in columns:
        if column.role == "weight":
            column.role = "input"


def _check_role(column: Column, role: str, index: int) -> None:
    if role == "weight":
        check_weight(column, {"path": ["columns", index, "role"]})
    if role == "ignore" or column.kind in FEATURE_KINDS:
        return
    advice = {
        "empty": "Fill in values and upload it again.",
        "constant": "Choose another column.",
    }.get(column.kind, "Change its kind to category or number first.")
    raise refuse(
        "role_mismatch",
        f'Expected a column of numbers or categories as {role}, got "{column.name}" of kind '
        f"{column.kind} ({column.kind_reason}). {advice}",
        path=["columns", index, "role"],
        column=column.name,
    )
