"""How long the texts of a column are, and which words they have."""

from collections import Counter

import numpy as np
import polars as pl

from models.data.description import Bin
from models.data.text import Frequent, Spread, TextStatistics
from models.data.tokens import words_of

ROWS, CHARACTERS = 20_000, 3_000_000
"""Of more texts so many, and of so many characters, spread evenly, tell as much of the words."""
FREQUENT = 30
BARS = 20
_WORD = r"\S+"


def text_statistics(known: pl.Series) -> TextStatistics | None:
    """Return what is known of texts; None where there are none."""
    if not known.len():
        return None
    characters = known.str.len_chars()
    step = max(-(-known.len() // ROWS), -(-int(characters.sum()) // CHARACTERS))
    sample = known.gather_every(step) if step > 1 else known
    counts: Counter[str] = Counter()
    for text in sample:
        counts.update(words_of(text, lowercase=True))
    frequent = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:FREQUENT]
    return TextStatistics(
        words=_spread(_word_counts(known)),
        characters=_spread(characters.to_numpy()),
        rows=sample.len(),
        total=counts.total(),
        vocabulary=len(counts),
        returning=sum(count > 1 for count in counts.values()),
        frequent=[Frequent(word=word[:100], count=count) for word, count in frequent],
    )


def word_bars(known: pl.Series) -> list[Bin]:
    """Return how many texts have how many words."""
    counts = _word_counts(known)
    if not len(counts):
        return []
    low, high = int(counts.min()), int(counts.max())
    width = -(-(high - low + 1) // BARS)
    bars = np.bincount((counts - low) // width).tolist()
    return [_bar(low + width * place, width, count) for place, count in enumerate(bars)]


def _bar(low: int, width: int, count: int) -> Bin:
    high = low + width - 1
    label = f"{low:,} – {high:,} words" if width > 1 else f"{low:,} words"
    return Bin(label=label, count=count, low=low, high=high)


def _word_counts(known: pl.Series) -> np.ndarray:
    """Return how many words each text has, as blanks part them, int64."""
    return known.str.count_matches(_WORD).to_numpy().astype(np.int64)


def _spread(lengths: np.ndarray) -> Spread:
    return Spread(
        shortest=int(lengths.min()),
        median=float(np.median(lengths)),
        mean=float(lengths.mean()),
        most=int(np.ceil(np.percentile(lengths, 95))),
        longest=int(lengths.max()),
    )
