"""Texts as whole numbers, as Keras's TextVectorization makes them: 0 pads, 1 is unknown.

The source below the last import is printed into bundles, that of words into scripts: it may use
the standard library only.
"""

import re
from functools import lru_cache
from itertools import pairwise

PADDING, UNKNOWN = 0, 1
"""Ids that are no token of the vocabulary, which begins at 2."""
PUNCTUATION = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']""")
LONGEST = 100
"""Characters of a token; a longer word is none of a vocabulary."""
PIECES = re.compile(r"\w{1,100}|[^\w\s]{1,100}")
"""What pieces are made within: letters and digits, or signs, no more than LONGEST of them."""
END = "</w>"
"""The end of a word, so that a piece there is another one than within."""


def words_of(text, lowercase):
    """Return the words of a text: what stands between blanks, without punctuation.

    As TextVectorization with `lower_and_strip_punctuation`, or `strip_punctuation`, and
    `whitespace`; blanks and capitals are those of Unicode, not of ASCII alone.
    """
    return PUNCTUATION.sub("", text.lower() if lowercase else text).split()


def pieces_of(word, ranks):
    """Return the pieces of a word, merged pair by pair in the order in which they were learnt.

    After Sennrich, Haddow and Birch, Neural machine translation of rare words with subword units
    (2016).

    Args:
        ranks: the place of each pair among the merges.
    """
    pieces = [*word[:-1], word[-1] + END]
    while len(pieces) > 1:
        best = min(pairwise(pieces), key=lambda pair: ranks.get(pair, len(ranks)))
        if best not in ranks:
            break
        merged = []
        while pieces:
            both = len(pieces) > 1 and (pieces[0], pieces[1]) == best
            merged.append("".join(pieces[: 1 + both]))
            pieces = pieces[1 + both :]
        pieces = merged
    return pieces


class Encoder:
    """Turns texts into ids, by what was learnt of the training part.

    Args:
        prepared: `tokenizer`, `lowercase`, `vocabulary`, `merges` and `length`, as the preparation
            of a model has them.
    """

    def __init__(self, prepared):
        self.prepared = prepared
        self.codes = {token: code for code, token in enumerate(prepared.vocabulary, 2)}
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(prepared.merges)}
        self.ids_of = lru_cache(100_000)(self._ids_of)

    def __call__(self, text):
        """Return the first `length` ids of a text, padded at the end."""
        length, ids = self.prepared.length, []
        if self.prepared.tokenizer == "word":
            words = words_of(text, self.prepared.lowercase)[:length]
            ids = [self.codes.get(word, UNKNOWN) for word in words]
        else:
            for found in PIECES.finditer(text.lower() if self.prepared.lowercase else text):
                if len(ids) >= length:
                    break
                ids += self.ids_of(found.group())
        return ids[:length] + [PADDING] * (length - len(ids))

    def _ids_of(self, word):
        return [self.codes.get(piece, UNKNOWN) for piece in pieces_of(word, self.ranks)]
