"""Cells with runs of blanks between them, as tables that were aligned by hand have: made tabs."""

import re
from collections import Counter

import numpy as np

from models.data.csv.quotes import NEWLINE, QUOTE, SPACE, outside_quotes
from models.data.csv.values import NUMBER

BLANKS = " "
"""The delimiter of such tables: as many blanks or tabs as there are."""
TAB = 9
_NUMBER = re.compile(rf"{NUMBER}|[+-]?\d*,\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
_ALIGNED = re.compile(r"\S {2,}\S")
_MOSTLY, _NUMBERS = 0.8, 0.5
"""Shares: of rows that are as long as most, and of their cells that are numbers."""


def as_tabs(chunk: bytes) -> bytes:
    """Return whole records with one tab for each run of blanks outside quotes, none at the ends."""
    data = np.frombuffer(chunk, np.uint8)
    blank = (data == SPACE) | (data == TAB)
    if QUOTE in chunk:
        blank &= outside_quotes(data)
    kept = ~blank
    edged = np.concatenate([[False], blank, [False]])
    firsts = np.flatnonzero(edged[1:-1] & ~edged[:-2])
    lasts = np.flatnonzero(edged[1:-1] & ~edged[2:])
    ends = np.concatenate([[NEWLINE], data, [NEWLINE]])
    between = firsts[(ends[firsts] != NEWLINE) & (ends[lasts + 2] != NEWLINE)]
    tabbed = data.copy()
    tabbed[between] = TAB
    kept[between] = True
    return tabbed[kept].tobytes()


def parted_by_blanks(lines: list[str], delimiter: str | None) -> bool:
    """Return whether runs of blanks are what stands between the cells of these lines.

    They are where every line has equally many cells so. Where nearly all have, and most cells are
    numbers, they are too, so that the others are refused and not taken for a single cell. Another
    delimiter that fits goes before, unless cells are aligned by blanks beside it, as in a column of
    names behind a tab, or it stands in numbers only.

    Args:
        delimiter: another that fits; None where none does.
    """
    rows = [line.split("\t") for line in as_tabs("\n".join(lines).encode()).decode().split("\n")]
    usual, often = Counter(map(len, rows)).most_common(1)[0]
    if usual < 2 or len(rows) < 2:
        return False
    cells = [cell for row in rows for cell in row]
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in cells) / len(cells)
    if delimiter is None:
        return often == len(rows) or (often >= _MOSTLY * len(rows) and numbers >= _NUMBERS)
    aligned = sum(_ALIGNED.search(line) is not None for line in lines) / len(lines)
    free = all(
        delimiter not in cell or cell.startswith('"') or _DECIMAL_COMMA.fullmatch(cell)
        for cell in cells
    )
    return often == len(rows) and numbers >= _NUMBERS and aligned >= _NUMBERS and free
