"""A file of examples, block by block: what was given, and the same as a model takes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl
from torch import Tensor

from models.data.description import Note
from models.model import Place


@dataclass(frozen=True)
class Block:
    """Examples that are predicted together.

    Attributes:
        given: what stands in the file, as text, a row for each example.
        raw: the same as `Preparation.encode` would make it.
        place: tells where an example of the block stands.
    """

    given: pl.DataFrame
    raw: Tensor
    place: Callable[[int], Place]

    def head(self, count: int) -> "Block":
        """Return the first examples."""
        return replace(self, given=self.given.head(count), raw=self.raw[:count])


class Examples(Protocol):
    """A file that is read once, with bounded memory.

    Attributes:
        delimiter: what stands between the cells of a table that is written in its manner.
        decimal_comma: whether its numbers have a comma before the decimals.
    """

    delimiter: str
    decimal_comma: bool

    def blocks(self) -> Iterator[Block]:
        """Yield all examples in their order.

        Raises:
            DocumentError: one is not as the model asks; names it.
        """
        ...

    def notes(self) -> list[Note]:
        """Return what was found, converted or skipped in what has been read."""
        ...
