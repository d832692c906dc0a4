"""Pieces of words, learnt by byte-pair encoding; the functions are printed into scripts."""

import json
from collections import Counter

from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

from models.data.tokens import END

SPECIAL = ["[PAD]", "[UNK]"]
"""What the library calls the ids 0 and 1."""


def letters_of(words, most):
    """Return the most frequent characters; each of them is two pieces, within and at the end."""
    counts = Counter()
    for found in words:
        counts.update("".join(found))
    known = sorted(counts, key=lambda letter: (-counts[letter], letter))[: max(1, most)]
    return sorted(known)


def learnt_pieces(words, size):
    """Return the ids of the pieces that return most, and the pairs that make them, in order.

    Args:
        words: those of each text.
        size: how many ids there are, padding and unknown among them.
    """
    letters = letters_of(words, (size - len(SPECIAL)) // 4)
    known = set(letters)
    trainer = BpeTrainer(
        vocab_size=size,
        # In this order, because the library numbers what it finds in another one each time, and
        # goes by the numbers where pairs are equally frequent.
        special_tokens=[*SPECIAL, *letters, *(letter + END for letter in letters)],
        end_of_word_suffix=END,
        show_progress=False,
    )
    tokenizer = Tokenizer(BPE(unk_token=SPECIAL[1], end_of_word_suffix=END))
    spelt = ([word for word in found if known.issuperset(word)] for found in words)
    tokenizer.train_from_iterator(spelt, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(pair) for pair in model["merges"]]
