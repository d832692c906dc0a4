"""A new version of a dataset: the choices of the one before carried over, and what differs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.data.change import change
from models.data.description import CHOSEN, Column, Description, Note
from models.data.treatment import Treatment
from models.errors import DocumentError

_SHOWN = 5
"""Names that a note tells; the rest are counted."""
_KEPT_ROLES = ("target", "weight", "time", "group")
"""Roles that somebody gave: they outlast a change of kind."""


def renew(
    folder: Path, before: Description, read: Description, said: frozenset[str] = frozenset()
) -> tuple[Description, list[Note]]:
    """Return the description of a new version, and notes on how it differs from the one before.

    Kinds that were chosen, roles, formats of dates, treatments and targets of the version before
    stay for columns of the same name; a choice that the new values do not suit is left out and
    told.

    Args:
        folder: where the new version is stored.
        before: of the version before.
        read: of the new one, as it was read.
        said: columns whose kind was asked for on reading, which counts more.
    """
    renewed, lost = _carried(folder, before, read, said)
    return renewed, [*_differences(before, renewed), *lost]


def _carried(
    folder: Path, before: Description, read: Description, said: frozenset[str]
) -> tuple[Description, list[Note]]:
    if "images" in (before.kind, read.kind):
        return read, []
    fresh = {column.name: column for column in read.columns}
    first = before.problem.target if before.problem else None
    # The first target makes the problem.
    ordered = sorted(before.columns, key=lambda column: column.name != first)
    patches = [
        patch
        for column in ordered
        if column.name in fresh
        and len(patch := _choices(column, fresh[column.name], column.name in said)) > 1
    ]
    lost: list[Note] = []
    while True:
        try:
            return change(folder, read, patches), lost
        except DocumentError as error:
            lost.append(_left_out(patches, error))


def _choices(before: Column, fresh: Column, said: bool) -> dict[str, Any]:
    """Return the change that makes a column what it was before, as far as that was chosen."""
    patch: dict[str, Any] = {"name": before.name}
    kind = before.kind if before.kind_reason == CHOSEN and not said else fresh.kind
    if kind != fresh.kind:
        patch["kind"] = kind
    if before.kind != kind:
        return {**patch, "role": before.role} if before.role in _KEPT_ROLES else patch
    if before.date_format is not None and (
        "kind" in patch or before.date_format != fresh.date_format
    ):
        patch["date_format"] = before.date_format
    if before.treatment != Treatment():
        patch["treatment"] = before.treatment.model_dump(exclude_none=True)
    if before.role != fresh.role or "kind" in patch or before.role == "target":
        patch["role"] = before.role
    return patch


def _left_out(patches: list[dict[str, Any]], error: DocumentError) -> Note:
    """Take the choice that was refused out of the patches, and return a note that tells so."""
    problem = error.problems[0]
    index, field = _refused(patches, problem.where.path, problem.where.column)
    patch = patches[index]
    value = patch.pop(field)
    if len(patch) == 1:
        del patches[index]
    told = f' "{value}"' if isinstance(value, str) else ""
    return Note(
        severity="warning",
        code="choice_lost",
        message=f'The {field.replace("_", " ")}{told} chosen for "{patch["name"]}" does not suit '
        f"the new values: {problem.message}",
        examples=[patch["name"]],
    )


def _refused(
    patches: list[dict[str, Any]], path: list[str | int], column: str | None
) -> tuple[int, str]:
    """Return the patch and the field of it that was refused; a kind is told by its column alone."""
    match path:
        case ["columns", int(index), str(field), *_] if field in patches[index]:
            return index, field
    names = [patch["name"] for patch in patches]
    index = names.index(column) if column in names else 0
    last = next(reversed(patches[index]))
    return index, "kind" if "kind" in patches[index] else last


def _differences(before: Description, after: Description) -> list[Note]:
    """Return notes on rows, columns, kinds, targets and classes that are not as they were."""
    notes: list[Note] = []

    def tell(code: str, message: str, names: list[str] | None = None, grave: bool = False) -> None:
        notes.append(
            Note(
                severity="warning" if grave else "info",
                code=code,
                message=message,
                count=len(names) if names else 1,
                # The first few stand in the message.
                examples=(names or [])[_SHOWN : _SHOWN + 10],
            )
        )

    if before.kind != after.kind:
        tell("kind_changed", f"It is {_what(after)} now, and was {_what(before)}.", grave=True)
    if before.rows != after.rows:
        unit = "images" if after.kind == "images" else "rows"
        tell("rows_changed", f"{after.rows:,} {unit} now, {before.rows:,} before.")
    if before.image and after.image and _shape(before) != _shape(after):
        tell(
            "image_shape_changed",
            f"Images are {_shape(after)} now, {_shape(before)} before.",
            grave=True,
        )
    old, new = _columns(before), _columns(after)
    if fresh := [name for name in new if name not in old]:
        tell("columns_new", f"New: {_listed(fresh)}.", fresh)
    if gone := [name for name in old if name not in new]:
        tell("columns_gone", f"Gone: {_listed(gone)}.", gone, grave=True)
    for name in [name for name in new if name in old and new[name].kind != old[name].kind]:
        told = f'"{name}" is of kind {new[name].kind} now, and was {old[name].kind}.'
        tell("column_kind_changed", told, [name], grave=True)
    _tell_problem(before, after, tell)
    for name, (had, has) in _classes(before, after).items():
        of = f'"{name}"' if name else "the images"
        if added := [label for label in has if label not in had]:
            tell("classes_new", f"New classes of {of}: {_listed(added)}.", added)
        if lost := [label for label in had if label not in has]:
            tell(
                "classes_gone", f"Classes of {of} that are gone: {_listed(lost)}.", lost, grave=True
            )
    if not notes:
        tell("same_shape", "The same number of rows, the same columns and classes as before.")
    return notes


def _tell_problem(before: Description, after: Description, tell: Any) -> None:
    old, new = before.problem, after.problem
    if old is not None and new is not None and after.kind == "images" and new.task != old.task:
        tell("task_changed", f"It is {new.task} now, and was {old.task}.", grave=True)
    if old is None or (new is not None and new.target == old.target):
        return
    instead = f'"{new.target}" is proposed instead' if new is not None else "none is proposed"
    tell(
        "target_changed",
        f'The target was "{old.target}"; {instead}. Choose another if that is not meant.',
        grave=True,
    )


def _columns(description: Description) -> Mapping[str, Column]:
    if description.kind == "images":
        return {}
    return {column.name: column for column in description.columns}


def _classes(before: Description, after: Description) -> dict[str, tuple[list[str], list[str]]]:
    """Return the classes before and now, by the column that has them; "" stands for images."""
    if before.kind == after.kind == "images":
        return {"": ([c.name for c in before.classes], [c.name for c in after.classes])}
    old, new = _columns(before), _columns(after)
    return {
        name: (old[name].categories or [], new[name].categories or [])
        for name in old
        if name in new
        and old[name].role == new[name].role == "target"
        and old[name].kind == new[name].kind
    }


def _what(description: Description) -> str:
    return "a table" if description.kind == "table" else "a set of images"


def _shape(description: Description) -> str:
    image = description.image
    return f"{image.channels} × {image.height} × {image.width}" if image else ""


def _listed(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
