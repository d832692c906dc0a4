"""Quotation marks in CSV: where they open and close a cell, and where they cannot.

Parity decides what is inside quotes, because that is what every fast reader goes by. A mark in the
middle of a cell would therefore join rows without a word; here it is found and refused.
"""

import re

import numpy as np

from models.errors import DocumentError, refuse

QUOTE = 34
NEWLINE = 10
SPACE = 32


def outside_quotes(data: np.ndarray) -> np.ndarray:
    """Return for each byte whether it stands outside quotes; `data` begins outside."""
    # A byte that overflows keeps its parity, and parity is all that is asked.
    return (np.add.accumulate(data == QUOTE, dtype=np.uint8) & 1) == 0


def tidy(chunk: bytes, separator: int, row: int) -> bytes:
    """Return the records with blanks between delimiters and quotes removed.

    Args:
        chunk: whole records, the last one ended.
        separator: the byte between cells.
        row: number of the first record, for messages.

    Raises:
        DocumentError: text follows a closing quote, or a mark in mid-cell swallows a delimiter.
    """
    if b'"' not in chunk:
        return chunk
    data = np.frombuffer(chunk, np.uint8)
    quotes = np.flatnonzero(data == QUOTE)
    opening, closing = quotes[0::2], quotes[1::2]
    edges = np.array([separator, NEWLINE], np.uint8)
    before = np.where(opening > 0, data[opening - 1], NEWLINE)
    after = data[closing + 1]
    if np.isin(before, [*edges, QUOTE]).all() and np.isin(after, [*edges, QUOTE]).all():
        return chunk
    if (before == SPACE).any() or (after == SPACE).any():
        return _without_blanks(chunk, data, opening, closing, edges, row)
    _refuse_misplaced(chunk, data, opening, closing, edges, row)
    return chunk


def unclosed(data: bytes, line: int) -> DocumentError:
    """Return the refusal of records whose last quote is never closed; they begin in `line`."""
    return _unclosed(line + data.count(b"\n", 0, _suspicious_quote(data)))


def _unclosed(line: int) -> DocumentError:
    return refuse(
        "unclosed_quote",
        f"Expected every quotation mark to be closed, got one that is opened in line {line:,} and "
        'never closed. Close it, or write "" for a quotation mark inside a quoted cell.',
        row=line,
    )


def _without_blanks(
    chunk: bytes,
    data: np.ndarray,
    opening: np.ndarray,
    closing: np.ndarray,
    edges: np.ndarray,
    row: int,
) -> bytes:
    keep = np.ones(len(data), bool)
    for marks, step in ((opening, -1), (closing, 1)):
        ends = marks + step
        reach = np.clip(ends, 0, len(data) - 1)
        while (blank := data[reach] == SPACE).any():
            moved = np.clip(reach + step, 0, len(data) - 1)
            stuck = moved == reach
            reach = np.where(blank, moved, reach)
            if (stuck | ~blank).all():
                break
        arrived = np.isin(data[reach], edges) | ((reach == 0) & (data[0] == SPACE))
        for mark, end in zip(marks[arrived], reach[arrived], strict=True):
            low, high = (end, mark) if step < 0 else (mark + 1, end)
            keep[low:high] &= data[low:high] != SPACE
    tidied = data[keep].tobytes()
    fresh = np.frombuffer(tidied, np.uint8)
    quotes = np.flatnonzero(fresh == QUOTE)
    _refuse_misplaced(tidied, fresh, quotes[0::2], quotes[1::2], edges, row)
    return tidied


def _refuse_misplaced(
    chunk: bytes,
    data: np.ndarray,
    opening: np.ndarray,
    closing: np.ndarray,
    edges: np.ndarray,
    row: int,
) -> None:
    before = np.where(opening > 0, data[opening - 1], NEWLINE)
    # A pair that opens where the last one closed goes on with the same cell: "" inside quotes.
    heads = before != QUOTE
    quoted = np.isin(before, edges)[heads][np.cumsum(heads) - 1]
    trailing = quoted & ~np.isin(data[closing + 1], [*edges, QUOTE])
    if trailing.any():
        position = int(closing[np.argmax(trailing)])
        shown = re.split(rb"[\n]", chunk[max(0, position - 20) : position + 20])
        context = next(part for part in shown if b'"' in part).decode(errors="ignore")
        number = row + _records_before(data, position)
        raise refuse(
            "bad_quotes",
            f"Expected a delimiter after the closing quotation mark in row {number:,}, got more "
            f'text: {context}. Write "" for a quotation mark inside a quoted cell.',
            row=number,
        )
    structural = np.flatnonzero(np.isin(data, edges))
    swallowed = np.searchsorted(structural, closing) - np.searchsorted(structural, opening)
    joining = ~quoted & (swallowed > 0)
    if joining.any():
        position = int(opening[np.argmax(joining)])
        raise _unclosed(row + int(np.count_nonzero(data[:position] == NEWLINE)))


def _suspicious_quote(data: bytes) -> int:
    """Return the position of the quote that most likely lacks its partner.

    One that opens in mid-cell or closes before more text; failing that, the last that opens.
    """
    array = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(array == QUOTE)
    edges = np.frombuffer(b'\n,;\t|"', np.uint8)
    before = np.where(quotes > 0, array[quotes - 1], NEWLINE)
    after = array[np.minimum(quotes + 1, len(array) - 1)]
    opens = np.arange(len(quotes)) % 2 == 0
    odd_opening = opens & ~np.isin(before, edges)
    odd_closing = ~opens & ~np.isin(after, edges)
    if odd_opening.any() or odd_closing.any():
        index = int(np.argmax(odd_opening | odd_closing))
        # Where a quote closes before more text, the one before it was never closed.
        return int(quotes[index - 1 if odd_closing[index] else index])
    return int(quotes[-1])


def _records_before(data: np.ndarray, position: int) -> int:
    part = data[:position]
    return int(np.count_nonzero((part == NEWLINE) & outside_quotes(part)))
