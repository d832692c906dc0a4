"""What is learnt of the texts of the training part: the vocabulary, and how words are cut."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from models.data.description import Column
from models.data.kinds import as_text
from models.data.preparation import InputColumn, PreparedText
from models.data.tokens import END, LONGEST, PIECES, Encoder, words_of

SPECIAL = ["[PAD]", "[UNK]"]
"""What the library calls the ids 0 and 1."""


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

    That is the order of `TextVectorization.adapt`.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words_of(text, lowercase))
    known = [(count, word) for word, count in counts.items() if len(word) <= LONGEST]
    return [word for _, word in sorted(known, reverse=True)[: size - len(SPECIAL)]]


def _pieces(
    texts: Iterable[str], size: int, lowercase: bool
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the pieces of words that return most, and the pairs that make them, in order."""
    # The library takes a while to load, and only this needs it.
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.trainers import BpeTrainer

    words = [PIECES.findall(text.lower() if lowercase else text) for text in texts]
    letters = _letters(words, (size - len(SPECIAL)) // 4)
    known = set(letters)
    tokenizer = Tokenizer(BPE(unk_token=SPECIAL[1], end_of_word_suffix=END))
    tokenizer.pre_tokenizer = WhitespaceSplit()  # pyright: ignore[reportAttributeAccessIssue]
    trainer = BpeTrainer(
        vocab_size=size,
        # In this order, because the library numbers what it finds in another one each time, and
        # goes by the numbers where pairs are equally frequent.
        special_tokens=[*SPECIAL, *letters, *(letter + END for letter in letters)],
        end_of_word_suffix=END,
        show_progress=False,
    )
    spaced = (" ".join(word for word in found if known.issuperset(word)) for found in words)
    tokenizer.train_from_iterator(spaced, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    ordered = sorted(model["vocab"], key=model["vocab"].__getitem__)
    return ordered[len(SPECIAL) :], [(first, second) for first, second in model["merges"]]


def _letters(words: Iterable[list[str]], most: int) -> list[str]:
    """Return the most frequent characters; each of them is two pieces, within and at the end."""
    counts: Counter[str] = Counter()
    for found in words:
        counts.update("".join(found))
    known = sorted(counts, key=lambda letter: (-counts[letter], letter))[: max(1, most)]
    return sorted(known)
