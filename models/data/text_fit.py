"""What is learnt of the texts of the training part: the vocabulary, and how words are cut."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from models.data.description import Column
from models.data.kinds import as_text
from models.data.preparation import InputColumn, PreparedText
from models.data.tokens import LONGEST, PIECES, Encoder, words_of


def fit_text(column: Column, values: pl.Series) -> InputColumn:
    """Learn what to do with a column of texts from its values in the training part."""
    treated = column.treated
    texts = as_text(values.drop_nulls()).to_list()
    size, lowercase = treated.max_tokens or 3, treated.lowercase is not False
    merges: list[tuple[str, str]] = []
    if treated.tokenizer == "byte_pair":
        vocabulary, merges = _pieces(texts, size, lowercase)
    else:
        vocabulary = _words(texts, size, lowercase)
    return InputColumn(
        name=column.name,
        kind="text",
        fill=0.0,
        required=treated.missing == "drop",
        text=PreparedText(
            tokenizer=treated.tokenizer or "word",
            lowercase=lowercase,
            length=treated.output_sequence_length or 1,
            max_tokens=size,
            vocabulary=vocabulary,
            merges=merges,
        ),
    )


class RawRows:
    """The rows of a table as `Preprocess` takes them. Texts become ids where they are asked for.

    Args:
        raw: float64 (N, columns), as `raw_values` makes them.
        columns: what was learnt of them.
        frame: the texts by column.
    """

    def __init__(
        self, raw: np.ndarray, columns: Sequence[InputColumn], frame: pl.DataFrame
    ) -> None:
        self._raw = raw
        self._texts = {
            place: (as_text(frame[column.name]), Encoder(column.text))
            for place, column in enumerate(columns)
            if column.text is not None
        }

    def at_a_time(self, rows: int) -> int:
        """Return how many rows to ask for at once, where it is so many without long texts."""
        lengths = sum(encode.prepared.length for _, encode in self._texts.values())
        return max(1, rows // (1 + lengths // 16))

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """Return these rows, float64 (N, slots)."""
        raw = self._raw[rows]
        if not self._texts:
            return raw
        return np.column_stack(
            [self._column(place, rows, values) for place, values in enumerate(raw.T)]
        )

    def _column(self, place: int, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        if place not in self._texts:
            return values
        texts, encode = self._texts[place]
        return np.array([encode(text or "") for text in texts.gather(rows)], dtype=np.float64)


def _words(texts: Iterable[str], size: int, lowercase: bool) -> list[str]:
    """Return the most frequent words; of equally frequent ones the last in order of characters.

    Padding and what is unknown are 2 of the size. That is the order of `TextVectorization.adapt`.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words_of(text, lowercase))
    known = [(count, word) for word, count in counts.items() if len(word) <= LONGEST]
    return [word for _, word in sorted(known, reverse=True)[: size - 2]]


def _pieces(
    texts: Iterable[str], size: int, lowercase: bool
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the pieces of words that return most, and the pairs that make them, in order."""
    # The library takes a while to load, and only this needs it.
    from models.data.pieces import SPECIAL, learnt_pieces

    words = [PIECES.findall(text.lower() if lowercase else text) for text in texts]
    codes, merges = learnt_pieces(words, size)
    return sorted(codes, key=codes.__getitem__)[len(SPECIAL) :], merges
