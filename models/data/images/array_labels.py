"""What arrays of labels say: classes by code or by name, or numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from models.data.columns import describe
from models.data.description import IMAGE_TARGET, Column
from models.data.images.layout import class_order
from models.data.images.marks import matrix
from models.data.images.report import MIN_PER_CLASS, single_class
from models.data.images.stream import Array
from models.data.origin import Form
from models.data.target import MAX_CLASSES
from models.errors import refuse

NAMES = ("class", "classes", "names", "label_names", "class_names", "target_names")
"""Of an array that holds the names of the classes."""
HOW = (
    "Labels are whole numbers or texts for classes, or any finite numbers, one for each image; or "
    "a row of 0 and 1 for each image, where it may have several."
)


class Labels(NamedTuple):
    """Labels of images.

    Attributes:
        values: class codes, int64 (N,), or numbers, float64 (N,), or 0 and 1 for each of several
            labels, uint8 (N, labels).
        names: of the classes, in the order of their codes; None for numbers.
        target: the numbers described.
        form: how they stand in the array.
        listed: the entry of the array that names the labels, where there are several.
    """

    values: np.ndarray
    names: list[str] | None
    target: Column | None
    form: Form = "numbers"
    listed: str | None = None


def labels_of(arrays: Sequence[Array], others: Sequence[Array] = ()) -> Labels:
    """Read the labels of images, which stand in these arrays one after another.

    Args:
        others: arrays among which there may be the names of the classes.

    Raises:
        DocumentError: they are no labels, or a class has too few members.
    """
    pieces = []
    for array in arrays:
        values: np.ndarray = array.whole()
        values = values[:, 0] if values.shape[1:] == (1,) else values
        if values.dtype.kind not in "uifbUS":
            raise refuse(
                "no_labels",
                f"Expected labels that are numbers or texts, got {values.dtype} in "
                f'"{array.name}". {HOW}',
            )
        pieces.append(values)
    if len({values.shape[1:] for values in pieces}) > 1:
        raise refuse("no_labels", f"Expected labels of one shape in all parts. {HOW}")
    values = np.concatenate(pieces)
    if values.ndim == 1:
        return labelled(values, others)
    if values.dtype.kind in "US":
        raise refuse("no_labels", f"Expected one text for each image, got several. {HOW}")
    several = np.isin(values, (0, 1)).all() and (values.sum(1) != 1).any()
    if several:
        return _several(values, others)
    return labelled(values.argmax(1), others)._replace(form="marks")


def _several(values: np.ndarray, others: Sequence[Array]) -> Labels:
    """Return labels that are marked by 0 and 1, (N, labels); those that no image has left out."""
    names, entry = _listed(others)
    if len(names) != values.shape[1]:
        entry = None
        names = [str(place) for place in range(values.shape[1])]
    marked, found = matrix([tuple(np.compress(row, names).tolist()) for row in values != 0])
    return Labels(marked, found, None, "marks", entry)


def _listed(others: Sequence[Array]) -> tuple[list[str], str | None]:
    """Return the names of the classes and the entry that holds them, if one of the arrays does."""
    given = next((array for array in others if array.key in NAMES and len(array.shape) == 1), None)
    if given is None or given.dtype.kind not in "US":
        return [], None
    return [str(name) for name in given.whole().astype(str).tolist()], given.entry.filename


def labelled(values: np.ndarray, others: Sequence[Array] = ()) -> Labels:
    """Return what labels, (N,), are: numbers, or classes by code.

    Raises:
        DocumentError: they are neither, or a class has too few members.
    """
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise refuse("missing_labels", f"Expected a finite label for every image. {HOW}")
        if (values % 1 != 0).any() or len(np.unique(values)) > MAX_CLASSES:
            return _numbers(values)
        values = values.astype(np.int64)
    known, codes = np.unique(values, return_inverse=True)
    if len(known) > MAX_CLASSES:
        if values.dtype.kind in "uib":
            return _numbers(values)
        raise refuse(
            "too_many_classes",
            f"Expected at most {MAX_CLASSES:,} classes, got {len(known):,} different labels.",
        )
    names = [str(name) for name in known.tolist()]
    # Numbers are in order of size; texts are put in the order of folders.
    if values.dtype.kind == "U":
        ranked = sorted(range(len(names)), key=lambda code: class_order(names[code]))
        codes = np.argsort(ranked)[codes]
        names = [names[code] for code in ranked]
    listed, _ = _listed(others) if values.dtype.kind != "U" else ([], None)
    if (
        listed
        and len(set(listed)) == len(listed) > int(known.max(initial=0))
        and int(known.min()) >= 0
    ):
        names = [listed[int(code)] for code in known]
    _check_members(codes, names)
    form = "texts" if values.dtype.kind == "U" else "numbers"
    return Labels(codes.astype(np.int64), names, None, form)


def _check_members(codes: np.ndarray, names: list[str]) -> None:
    if len(names) < 2:
        raise single_class(names[0] if names else "")
    counts = np.bincount(codes, minlength=len(names))
    if int(counts.min()) < MIN_PER_CLASS:
        raise refuse(
            "class_too_small",
            f"Expected at least {MIN_PER_CLASS} images in every class, got {counts.min()} in "
            f'"{names[int(counts.argmin())]}". Add images, or leave it out.',
        )


def _numbers(values: np.ndarray) -> Labels:
    numbers = values.astype(np.float64)
    told = describe(pl.Series(IMAGE_TARGET, numbers), chosen="number")
    return Labels(numbers, None, told.model_copy(update={"role": "target"}))
