"""Whole records from blocks of bytes, every one checked to have as many cells as the header.

A reader that shifts or fills cells where a row is too long or short spoils data silently, so the
structure is proved before any value is read: by a vectorised scan for separators outside quotes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from models.data.csv.quotes import NEWLINE, outside_quotes, tidy, unclosed
from models.errors import DocumentError, refuse

MAX_CELL = 100_000
"""Bytes. A cell beyond this is a slip, such as a quote that is never closed."""
MAX_RECORD = 16 * 2**20
_NEWLINE = b"\n"


@dataclass
class Records:
    """Checks chunks of whole records.

    Attributes:
        separator: the byte between cells.
        cells: how many cells each record has.
        row: number of the file's record that comes next; the first is 1.
        aligned: whether the separator stands for any run of blanks.
        blank_rows: numbers of the records that were blank and left out.
    """

    separator: int
    cells: int
    row: int = 1
    aligned: bool = False
    blank_rows: list[np.ndarray] = field(default_factory=list)
    kept: int = 0

    def __post_init__(self) -> None:
        self._first = self.row

    def checked(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks, which are of whole records, without the blank ones.

        Raises:
            DocumentError: a row too long or too short, a huge cell, a zero byte.
        """
        for chunk in chunks:
            checked = self._checked(chunk)
            if checked:
                yield checked

    def file_row(self, index: int) -> int:
        """Return the number that record `index` of those kept (from 0) has in the file."""
        row = index + self._first
        for number in np.concatenate(self.blank_rows) if self.blank_rows else ():
            if number > row:
                break
            row += 1
        return row

    @property
    def blanks(self) -> int:
        return sum(len(rows) for rows in self.blank_rows)

    def _checked(self, chunk: bytes) -> bytes:
        if b"\0" in chunk:
            row = self.row + _records_before(chunk, chunk.index(b"\0"))
            raise refuse(
                "zero_byte",
                f"Expected text, got a zero byte (NUL) in row {row:,}. Remove it from the file.",
                row=row,
            )
        if (rows := self._plain_rows(chunk)) is not None:
            self.row += rows
            self.kept += rows
            return chunk
        chunk = tidy(chunk, self.separator, self.row)
        data = np.frombuffer(chunk, np.uint8)
        newlines = data == NEWLINE
        marks = (data == self.separator) | newlines
        if b'"' in chunk:
            outside = outside_quotes(data)
            marks &= outside
            newlines &= outside
        ends = np.flatnonzero(newlines)
        self._check_cell_sizes(data, marks, ends)
        structure = data[marks]
        if self._regular(structure) and not _has_blank(ends):
            self.row += len(ends)
            self.kept += len(ends)
            return chunk
        return self._mend_or_refuse(chunk, data, structure, ends)

    def _plain_rows(self, chunk: bytes) -> int | None:
        """Return how many rows a chunk has that is as it should be, by a fast look at most chunks.

        None where it has quotes, blank or very long rows, or one of another number of cells.
        """
        if b'"' in chunk:
            return None
        data = np.frombuffer(chunk, np.uint8)
        ends = np.flatnonzero(data == NEWLINE)
        if _has_blank(ends) or int(np.diff(ends, prepend=-1).max()) > MAX_CELL:
            return None
        separators = data == self.separator
        wanted = self.cells - 1
        if np.count_nonzero(separators) != wanted * len(ends):
            return None
        # Sums that overflow are off by multiples of more than is wanted. Where each is right but
        # for that, and all together are right, none did.
        starts = np.concatenate([[0], ends[:-1] + 1])
        counts = np.add.reduceat(
            separators.view(np.uint8), starts, dtype=np.min_scalar_type(wanted)
        )
        return len(ends) if bool((counts == wanted).all()) else None

    def _regular(self, structure: np.ndarray) -> bool:
        if len(structure) % self.cells:
            return False
        table = structure.reshape(-1, self.cells) == NEWLINE
        return bool(table[:, -1].all()) and not table[:, :-1].any()

    def _mend_or_refuse(
        self, chunk: bytes, data: np.ndarray, structure: np.ndarray, ends: np.ndarray
    ) -> bytes:
        cells = np.diff(np.flatnonzero(structure == NEWLINE), prepend=-1)
        starts = np.concatenate([[0], ends[:-1] + 1])
        # A line of spaces is as blank as an empty one.
        suspects = np.flatnonzero(cells == 1)
        blank = np.array(
            [i for i in suspects if not chunk[starts[i] : ends[i]].strip(b" ")], dtype=np.int64
        )
        wrong = cells != self.cells
        wrong[blank] = False
        if wrong.any():
            first = int(np.argmax(wrong))
            raise self._wrong_length(
                self.row + first, int(cells[first]), chunk[starts[first] : ends[first]]
            )
        keep = np.ones(len(data), bool)
        for i in blank:
            keep[starts[i] : ends[i] + 1] = False
        self.blank_rows.append(self.row + blank)
        self.row += len(ends)
        self.kept += len(ends) - len(blank)
        return data[keep].tobytes()

    def _wrong_length(self, row: int, found: int, record: bytes) -> DocumentError:
        long = found > self.cells
        separator = {9: "tab"}.get(self.separator, f'"{chr(self.separator)}"')
        advice = (
            f"If a cell contains the delimiter {separator}, put the cell in quotation marks."
            if long
            else f"Add the missing cells; an empty cell still needs its delimiter {separator}."
        )
        if self.aligned:
            advice = (
                "Cells are delimited by blanks here: put a text with blanks in quotation marks."
                if long
                else "Cells are delimited by blanks here: write NA for a value that is missing."
            )
        if b'"' in record and not long:
            advice = "Look for a quotation mark that swallows a delimiter or a line end, and " + (
                advice[0].lower() + advice[1:]
            )
        return refuse(
            "row_too_long" if long else "row_too_short",
            f"Expected {self.cells:,} cells in row {row:,}, as many as the first row has, "
            f"got {found:,}. {advice}",
            row=row,
        )

    def _check_cell_sizes(self, data: np.ndarray, marks: np.ndarray, ends: np.ndarray) -> None:
        if not len(ends) or int(np.diff(ends, prepend=-1).max()) <= MAX_CELL:
            return
        positions = np.flatnonzero(marks)
        sizes = np.diff(positions, prepend=-1)
        if int(sizes.max()) <= MAX_CELL:
            return
        index = int(np.argmax(sizes))
        before = positions[:index]
        row_start = np.flatnonzero(data[before] == NEWLINE)
        column = index - (int(row_start[-1]) + 1 if len(row_start) else 0)
        row = self.row + len(row_start)
        raise refuse(
            "huge_cell",
            f"Expected cells of at most {MAX_CELL:,} bytes, got one of {int(sizes.max()) - 1:,} "
            f"in row {row:,}, column {column + 1}. Shorten it, or remove the column.",
            row=row,
        )


def whole_records(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks that end where a record ends, whatever the blocks' bounds are.

    Raises:
        DocumentError: a quotation mark that is never closed, or a record beyond `MAX_RECORD`.
    """
    carry = b""
    line = 1
    for block in blocks:
        data = carry + block
        cut = _last_record_end(data)
        if cut:
            yield data[:cut]
            line += int(np.count_nonzero(np.frombuffer(data, np.uint8, cut) == NEWLINE))
        carry = data[cut:]
        if len(carry) > MAX_RECORD:
            if carry.count(b'"') % 2:
                raise unclosed(carry, line)
            raise refuse(
                "huge_row",
                f"Expected rows of at most {MAX_RECORD:,} bytes, got a longer one at line "
                f"{line:,}. Check that the file has line ends.",
            )
    if carry:
        if carry.count(b'"') % 2:
            raise unclosed(carry, line)
        yield carry + _NEWLINE


def _last_record_end(data: bytes) -> int:
    if b'"' not in data:
        return data.rfind(_NEWLINE) + 1
    array = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero((array == NEWLINE) & outside_quotes(array))
    return int(ends[-1]) + 1 if len(ends) else 0


def _records_before(chunk: bytes, position: int) -> int:
    data = np.frombuffer(chunk[:position], np.uint8)
    return int(np.count_nonzero((data == NEWLINE) & outside_quotes(data)))


def _has_blank(ends: np.ndarray) -> bool:
    return bool(len(ends)) and (int(ends[0]) == 0 or bool((np.diff(ends) == 1).any()))
