"""How a script prepares columns, where that is not as usual."""

import inspect
from types import ModuleType
from typing import Any

from models.call import repr_argument
from models.data.description import Description
from models.data.interface import Interface
from models.data.tokens import END, LONGEST, PIECES, PUNCTUATION, words_of
from models.export.brought import brought

Treatments = dict[str, dict[str, Any]]
"""What is not as usual: for each name that a template asks for, what holds for which column."""
OF_DATES = {"from calendar import timegm", "from datetime import datetime"}
"""The imports of what reads dates."""
_CONSTANTS = {
    "fills": ("FILL", "What stands for a missing value, where not the usual"),
    "constants": ("CONSTANT", "Values that stand for missing ones"),
    "scalings": ("SCALING", "The scaling, where not standard"),
    "encodings": ("ENCODING", "How categories become numbers, where not one-hot"),
    "indicators": ("INDICATORS", "Columns with one more feature: where they lack a value"),
    "required": ("REQUIRED", "Columns without whose value a row is left out"),
    "words": ("WORDS", "Of texts: how many ids there are, how many enter, if in small letters"),
    "pieces": (
        "PIECES",
        "Of texts in pieces: how many ids there are, how many enter, if in small letters",
    ),
    "dates": ("DATES", "How dates are written, and what of them becomes features"),
}


def treatments(description: Description, asked: Interface) -> Treatments:
    """Return what is not as usual in how columns are prepared."""
    told: Treatments = {name: {} for name in _CONSTANTS}
    columns = {column.name: column for column in description.columns}
    for name in asked.columns:
        column, treated = columns[name], columns[name].treated
        usual = {"text": "empty", "category": "most_frequent", "boolean": "most_frequent"}
        if column.kind == "date":
            told["dates"][name] = (column.date_format, treated.parts or [])
        if column.kind == "text":
            size, length = treated.max_tokens, treated.output_sequence_length
            cut = "words" if treated.tokenizer == "word" else "pieces"
            told[cut][name] = (size, length, treated.lowercase)
        if treated.missing == "drop":
            told["required"][name] = True
        elif treated.missing == "constant":
            told["constants"][name] = treated.fill_value
        elif treated.missing != usual.get(column.kind, "mean"):
            told["fills"][name] = treated.missing
        if treated.scaling not in ("standard", None):
            told["scalings"][name] = treated.scaling
        if treated.encoding not in ("one_hot", None):
            told["encodings"][name] = treated.encoding
        if treated.indicator:
            told["indicators"][name] = True
    return told


def facts(told: Treatments) -> dict[str, list[Any]]:
    """Return what the templates ask for: what occurs at all."""
    return {name: list(of.values()) for name, of in told.items()} | {
        "punctuation": repr(PUNCTUATION.pattern),
        "words_of": inspect.getsource(words_of),
        "longest": LONGEST,
        "within": PIECES.pattern,
        "end": END,
        "special": _pieces().SPECIAL if told["pieces"] else [],
        "learnt_pieces": brought(_pieces(), ["learnt_pieces"]) if told["pieces"] else [],
        "required_texts": [
            _CONSTANTS[cut][0]
            for cut in ("words", "pieces")
            if told["required"].keys() & told[cut].keys()
        ],
    }


def _pieces() -> ModuleType:
    # The library that it needs takes a while to load.
    from models.data import pieces

    return pieces


def imports(told: Treatments) -> set[str]:
    """Return the imports of what prepares columns."""
    lines: set[str] = set()
    if told["dates"]:
        lines |= OF_DATES
    if told["words"] or told["pieces"]:
        lines |= {"import re", "from collections import Counter"}
    if told["pieces"]:
        lines |= {
            "import json",
            "from tokenizers import Tokenizer",
            "from tokenizers.models import BPE",
            "from tokenizers.trainers import BpeTrainer",
        }
    return lines


def constants(told: Treatments) -> list[str]:
    """Return what is not as usual, as lines of the script."""
    lines: list[str] = []
    for name, (constant, comment) in _CONSTANTS.items():
        if not told[name]:
            continue
        pairs = [
            repr_argument(column)
            if name in ("indicators", "required")
            else f"{repr_argument(column)}: {repr_argument(value)}"
            for column, value in told[name].items()
        ]
        lines += [f"# {comment}.", f"{constant} = {{{', '.join(pairs)}}}"]
    return lines
