"""Tables that give an image any number of labels: in one cell, or in a column for each label."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from models.data.kinds import as_text
from models.data.target import MAX_CLASSES
from models.errors import refuse

SAID = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
"""What the cells of columns of 0 and 1 say, in small letters."""
_SURE = ("|", ";")
"""What seldom stands in the name of a class; a comma or a blank often does."""
_SEPARATORS = (*_SURE, ",", " ")
_IN_WORDS = {"|": '"|"', ";": '";"', ",": "commas", " ": "blanks"}
_WORD = re.compile(r"\S*[^\s.,!?:]")
_REPEATED, _ANEW, _BINARY, _AGAIN = 0.5, 0.8, 0.9, 0.1
"""Shares: of labels that stand in several rows; of those that stand in other company too, where the
separator is a comma or a blank; of a column's cells that are 0 or 1, if it is meant as a label; of
images that rows give different labels, if it is no oversight."""


class Several(NamedTuple):
    """Labels as a table gives them.

    Attributes:
        of_rows: the labels of each row; none where the cell is empty.
        how: in words, of what they were read.
        separator: between the labels of a cell; None where each has a column, or a row.
    """

    of_rows: list[tuple[str, ...]]
    how: str
    separator: str | None = None


def joined(
    values: pl.Series, where: str, row: Callable[[int], int], said: str | None = None
) -> Several | None:
    """Return labels that stand in one cell; None where each cell is rather one class.

    Args:
        where: the name of the table, for messages.
        row: tells the number of a row in the file.
        said: the separator, if it need not be found out.

    Raises:
        DocumentError: nothing between two separators, or two kinds of separators; or the one that
            was said nowhere.
    """
    texts = values.to_list()
    known = [text for text in texts if text is not None]
    separator = said or next((one for one in _SEPARATORS if _separates(one, known)), None)
    if separator is None:
        return None
    if said and not any(len(_pieces(text, said)) > 1 for text in known):
        raise refuse(
            "separator_absent",
            f"Expected {_IN_WORDS[said]} between the labels of some cell in the column "
            f'"{values.name}" of "{where}", got none. Choose another options.label_separator, or '
            "leave it out.",
            path=["options", "label_separator"],
        )
    pieces = [_pieces(text or "", separator) for text in texts]
    names = {name for those in pieces for name in those}
    for index, those in enumerate(pieces):
        spot = {"row": row(index), "column": values.name}
        if "" in those:
            raise refuse(
                "empty_label",
                f"Expected a label on both sides of every {separator!r} in the column "
                f'"{values.name}" of "{where}", got {texts[index]!r}. Leave the separator out.',
                **spot,
            )
        for name in those:
            if said is None and (other := _other(name, separator, names)):
                raise refuse(
                    "mixed_separators",
                    f"Expected one separator in the column "
                    f'"{values.name}" of "{where}", where {_IN_WORDS[separator]} stand between '
                    f"labels, got {texts[index]!r} with {_IN_WORDS[other]}. Replace them.",
                    **spot,
                )
    how = (
        f'the column "{values.name}", whose cells hold several with {_IN_WORDS[separator]} between'
    )
    return Several([tuple(dict.fromkeys(those)) for those in pieces], how, separator)


def together(
    classes: Sequence[str | None], images: Sequence[str | None], column: str
) -> Several | None:
    """Return the labels of images that several rows name; None where that is an oversight.

    The labels of an image are those of each of its rows.

    Args:
        classes: the label of each row.
        images: what each row names, if it is an image.
        column: the column of the labels.
    """
    found: dict[str, dict[str, None]] = {}
    for image, label in zip(images, classes, strict=True):
        if image is not None:
            labels = found.setdefault(image, {})
            if label is not None:
                labels[label] = None
    several = sum(len(labels) > 1 for labels in found.values())
    if several < _AGAIN * len(found) or several < 2:
        return None
    how = f'the column "{column}", with a row for each label of an image'
    return Several([tuple(found.get(image or "", ())) for image in images], how)


def one_hot(frame: pl.DataFrame, where: str, row: Callable[[int], int]) -> Several | None:
    """Return labels that have a column of 0 and 1 each; None where the columns are others.

    Raises:
        DocumentError: a cell of such a column is neither.
    """
    if frame.width < 2:
        return None
    columns = {name: as_text(frame[name]).to_list() for name in frame.columns}
    said = {
        name: [None if cell is None else SAID.get(cell.casefold()) for cell in cells]
        for name, cells in columns.items()
    }
    count = max(1, frame.height)
    shares = [sum(one is not None for one in column) / count for column in said.values()]
    if min(shares) < _BINARY or sum(share == 1 for share in shares) < min(2, frame.width - 1):
        return None
    for name, column in said.items():
        for index, one in enumerate(column):
            if one is None:
                cell = columns[name][index]
                got = "an empty cell" if cell is None else repr(cell)
                raise refuse(
                    "label_not_binary",
                    f'Expected 0 or 1 in every row of the column "{name}" of "{where}", whose '
                    f"columns are labels, got {got}. Write whether the image has the label, or "
                    "leave the column out.",
                    row=row(index),
                    column=name,
                )
    of_rows = [
        tuple(name for name, has in zip(said, cells, strict=True) if has)
        for cells in zip(*said.values(), strict=True)
    ]
    return Several(of_rows, f"its {frame.width} columns of 0 and 1, one for each label")


def _pieces(text: str, separator: str) -> list[str]:
    """Return what stands between separators; one at the end of a cell separates nothing."""
    if separator == " ":
        return text.split()
    pieces = [piece.strip() for piece in text.split(separator)]
    return pieces[:-1] if pieces[-1] == "" else pieces


def _separates(separator: str, texts: Sequence[str]) -> bool:
    """Return whether what stands between separators are labels: they come again, in all company."""
    cells = [(text, _pieces(text, separator)) for text in texts]
    several = {text: pieces for text, pieces in cells if len(pieces) > 1}
    if not several:
        return False
    rows = Counter(piece for _, pieces in cells for piece in set(pieces))
    repeated = sum(count > 1 for count in rows.values())
    if len(rows) > MAX_CLASSES or repeated < _REPEATED * len(rows):
        return False
    if separator in _SURE:
        return True
    # "great dane" and "maple tree" are names: their words come in the same company every time.
    if len({len(pieces) for _, pieces in cells}) < 2:
        return False
    if separator == " " and not all(map(_WORD.fullmatch, rows)):
        return False
    if any(len(set(pieces)) < len(pieces) for pieces in several.values()):
        return False
    company = Counter(piece for pieces in dict(cells).values() for piece in pieces)
    inside = {piece for pieces in several.values() for piece in pieces}
    return sum(company[piece] > 1 for piece in inside) >= _ANEW * len(inside)


def _other(name: str, separator: str, names: set[str]) -> str | None:
    """Return another separator that stands between labels which are known by themselves."""
    for other in _SEPARATORS:
        pieces = _pieces(name, other)
        if other != separator and len(pieces) > 1 and names.issuperset(pieces):
            return other
    return None
