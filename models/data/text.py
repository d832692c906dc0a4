"""What is known of the texts of a column, and how they are proposed to be cut into tokens."""

import math
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Tokenizer = Literal["word", "byte_pair"]
MOST_TOKENS, MOST_LENGTH = 100_000, 1_000
"""The largest vocabulary, and the longest sequence, that may be asked for."""
USUAL_TOKENS, USUAL_PIECES = 10_000, 4_000
"""The largest vocabulary that is proposed: of words, and of pieces of them."""
USUAL_LENGTH = 256
"""The longest sequence that is proposed: each step of a longer one costs as much again."""
FEWEST = 100
"""Words that return below which a vocabulary takes those that do not as well."""
SPACED = 15
"""Characters to a word, on average, from which a text hardly has blanks between its words."""
_UNKNOWN_LENGTH = 100


class Spread(BaseModel):
    """How long the texts of a column are."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    shortest: int
    median: float
    mean: float
    most: int = Field(description="95 of 100 texts are not longer")
    longest: int


class Frequent(BaseModel):
    """A word, and how often it occurs."""

    model_config = ConfigDict(extra="forbid")

    word: str
    count: int


class TextStatistics(BaseModel):
    """What is known of a column of texts. Words are counted in small letters."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    words: Spread
    characters: Spread
    rows: int = Field(description="Texts in which words were counted, spread over all rows")
    total: int = Field(description="Words in them")
    vocabulary: int = Field(description="Different words in them")
    returning: int = Field(description="Different words that occur more than once")
    frequent: list[Frequent] = Field(description="The most frequent words, the first ones first")


class Proposed(NamedTuple):
    """A value that is proposed, and why."""

    value: Any
    reason: str


def text_in_full(tokenizer: Tokenizer | None, known: TextStatistics | None) -> dict[str, Any]:
    """Return what is proposed for a text, by field of a treatment.

    Args:
        tokenizer: that was chosen, by which the rest goes; None for the one that suits.
        known: of the column; None where nothing is.
    """
    return {name: proposed.value for name, proposed in proposals(tokenizer, known).items()}


def proposals(tokenizer: Tokenizer | None, known: TextStatistics | None) -> dict[str, Proposed]:
    """Return what is proposed for a text and why, by field of a treatment."""
    cut = Proposed(tokenizer, "as chosen") if tokenizer is not None else _tokenizer(known)
    return {
        "tokenizer": cut,
        "max_tokens": _max_tokens(cut.value, known),
        "output_sequence_length": _length(cut.value, known),
        "lowercase": Proposed(True, "a word at the beginning of a sentence is the same word"),
    }


def in_words(name: str, proposed: Proposed) -> str:
    """Return a field of a treatment with what is proposed for it, and why: "cut into words"."""
    value, reason = proposed
    if name == "tokenizer":
        told = "cut into words" if value == "word" else "cut into pieces of words"
    elif name == "max_tokens":
        told = f"{value:,} ids, padding and unknown among them"
    elif name == "output_sequence_length":
        told = f"{value:,} of each text enter"
    else:
        told = "in small letters" if value else "capitals as they are"
    return f"{told} ({reason})"


def _tokenizer(known: TextStatistics | None) -> Proposed:
    if known is None or not known.total:
        return Proposed("word", "words are easy to read")
    if not _spaced(known):
        return Proposed("byte_pair", "there are hardly any blanks between its words")
    if known.vocabulary - known.returning > known.total / 2:
        return Proposed("byte_pair", "most of its words occur once, but their pieces return")
    return Proposed("word", "its words return, and are easy to read")


def _max_tokens(tokenizer: Tokenizer, known: TextStatistics | None) -> Proposed:
    """Return the size of the vocabulary; padding and what is unknown are 2 of it."""
    if known is None or not known.vocabulary:
        most = USUAL_TOKENS if tokenizer == "word" else USUAL_PIECES
        return Proposed(most, "the usual size")
    if tokenizer == "byte_pair":
        size = min(USUAL_PIECES, max(500, known.vocabulary))
        return Proposed(size, f"as many pieces build the {known.vocabulary:,} different words")
    enough = known.returning >= FEWEST
    count = known.returning if enough else known.vocabulary
    size = max(3, min(USUAL_TOKENS, count + 2))
    if size < count + 2:
        return Proposed(size, f"the most frequent of {count:,} words that return")
    if enough:
        return Proposed(size, f"{count:,} words occur more than once: of others nothing is learnt")
    return Proposed(size, f"there are {count:,} different words")


def _length(tokenizer: Tokenizer, known: TextStatistics | None) -> Proposed:
    if known is None:
        return Proposed(_UNKNOWN_LENGTH, "the usual length")
    most = known.words.most
    if tokenizer == "byte_pair":
        # Mostly a word is one piece or two; without blanks every character may be one.
        pieces = math.ceil(max(1.5 * most, known.characters.most / 3))
        most = pieces if _spaced(known) else known.characters.most
    length = min(USUAL_LENGTH, max(1, most))
    if length < most:
        return Proposed(length, f"its texts are longer, up to {known.words.longest:,} words")
    return Proposed(length, f"95 % of its texts have at most {known.words.most:,} words")


def _spaced(known: TextStatistics) -> bool:
    """Return whether blanks stand between the words, as far as their length tells."""
    return known.characters.mean <= SPACED * max(1.0, known.words.mean)
