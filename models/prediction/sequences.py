"""The rows of a CSV file as sequences: every window of its series, or each of its groups."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import torch

from models.data.arranged import found_in, gathered
from models.data.csv.values import to_numbers
from models.data.dates import seconds_of
from models.data.description import Note
from models.data.preparation import PreparedSequence
from models.errors import refuse
from models.model import BATCH, Place
from models.prediction.examples import Block
from models.prediction.table import TableExamples


class SequenceExamples:
    """A CSV file whose rows are steps; the numbers of all rows are held in memory.

    Where the file has the column of times, rows are taken in its order, else as they stand; where
    it has the column of groups, each group is a series, else all rows are one. What was given of an
    example is the last row of its window.

    Args:
        table: the rows of the file.
        sequence: what one example of the model is.
    """

    def __init__(self, table: TableExamples, sequence: PreparedSequence) -> None:
        self._table, self._sequence = table, sequence
        self.delimiter, self.decimal_comma = table.delimiter, table.decimal_comma

    def blocks(self) -> Iterator[Block]:
        """Yield the examples, as `Examples` has it."""
        read = list(self._table.blocks())
        if not read:
            raise refuse("too_few_rows", "Expected rows below the header, got none.")
        given = pl.concat([block.given for block in read])
        raw = torch.cat([block.raw for block in read]).numpy()
        sizes = [block.given.height for block in read]
        begins = np.cumsum([0, *sizes])

        def place_of(row: int) -> Place:
            block = int(np.searchsorted(begins, row, side="right")) - 1
            return read[block].place(row - int(begins[block]))

        series = self._series(given)
        order = np.lexsort((self._times(given), series))
        raw = raw[order]
        firsts, lasts = found_in(series[order], self._sequence)
        for at in range(0, len(firsts), BATCH):
            some = slice(at, at + BATCH)
            rows = order[lasts[some]]

            def place(index: int, rows: np.ndarray = rows) -> Place:
                what, where = place_of(int(rows[index]))
                return f"The sequence that ends in {what[0].lower()}{what[1:]}", where

            examples = gathered(raw, firsts[some], lasts[some], self._sequence.window)
            yield Block(given[rows], torch.from_numpy(examples), place)

    def notes(self) -> list[Note]:
        """Return what was found out about the file."""
        return self._table.notes()

    def _series(self, given: pl.DataFrame) -> np.ndarray:
        """Return which series each row belongs to, in the order in which they first appear."""
        name = self._sequence.group
        if name is None or name not in given.columns:
            return np.zeros(given.height, dtype=np.int64)
        codes: dict[str | None, int] = {}
        return np.array([codes.setdefault(text, len(codes)) for text in given[name].to_list()])

    def _times(self, given: pl.DataFrame) -> np.ndarray:
        name, format = self._sequence.time, self._sequence.format
        if name is None or name not in given.columns:
            return np.arange(given.height)
        text = given[name]
        found = (
            seconds_of(text, format) if format is not None else to_numbers(text, self.decimal_comma)
        )
        if wrong := found.is_null().sum():
            row = int(found.is_null().arg_max() or 0)
            raise refuse(
                "invalid_value",
                f'Expected a time in every row of "{name}", by which the rows are put in order, '
                f'got "{text[row]}" ({wrong:,} such rows). Correct them, or leave the column out: '
                "the rows are then taken as they stand.",
                column=name,
            )
        return found.to_numpy()
