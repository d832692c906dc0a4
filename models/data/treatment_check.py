"""Does a treatment suit the column that it is chosen for?"""

import math
from collections.abc import Sequence

from models.data.description import Column
from models.data.lookup import listed
from models.data.treatment import OPTIONS, Treatment
from models.errors import DocumentError, refuse

_WORDS = {
    "missing": "way to fill in missing values",
    "scaling": "scaling",
    "encoding": "encoding",
    "parts": "part of a date",
    "tokenizer": "tokenizer",
}
_OF_TEXTS = {
    "max_tokens": "vocabulary",
    "output_sequence_length": "length",
    "lowercase": "small letters",
}
FEWEST_PIECES = 64
"""Ids below which not even the letters of a language have one."""


def check_treatment(column: Column, chosen: Treatment, path: Sequence[str | int]) -> None:
    """Check every value that is chosen against the column's kind and values.

    Raises:
        DocumentError: one does not suit; `where` is a path below `path`.
    """
    asked = {
        "missing": [chosen.missing],
        "scaling": [chosen.scaling],
        "encoding": [chosen.encoding],
        "parts": chosen.parts or [],
        "tokenizer": [chosen.tokenizer],
    }
    for field, values in asked.items():
        for value in values:
            if value is not None:
                _check_option(column, field, value, path)
    if chosen.scaling is not None and column.kind == "category" and chosen.encoding != "ordinal":
        raise _refused(
            column, path, "scaling", "no scaling of categories that are not ordinal", chosen.scaling
        )
    _check_order(column, chosen, path)
    if chosen.parts is not None and len(set(chosen.parts)) != max(1, len(chosen.parts)):
        raise _refused(column, path, "parts", "parts, each of them once", chosen.parts)
    if chosen.indicator and column.kind not in ("number", "integer", "boolean", "date"):
        raise _refused(
            column,
            path,
            "indicator",
            "no indicator of missing categories, for which missing 'category' is there",
            True,
        )
    _check_fill(column, chosen, path)
    _check_text(column, chosen, path)


def _check_order(column: Column, chosen: Treatment, path: Sequence[str | int]) -> None:
    """Check that an order has every category once, and is of ordinal ones."""
    order = chosen.order
    if order is None:
        return
    if chosen.encoding != "ordinal":
        raise _refused(column, path, "order", "no order of what is not ordinal", order[:5])
    known = column.categories or []
    if sorted(order) == sorted(known):
        return
    lacking = [name for name in known if name not in order]
    strange = [name for name in order if name not in known]
    found = (
        f"none of {listed(lacking)}"
        if lacking
        else listed(strange)
        if strange
        else "some of them twice"
    )
    raise refuse(
        "treatment_mismatch",
        f'Expected each of the {len(known):,} categories of "{column.name}" once in its order, got '
        f"{found}. Correct the order, or leave it out to order them by text.",
        path=[*path, "order"],
        column=column.name,
    )


def _check_text(column: Column, chosen: Treatment, path: Sequence[str | int]) -> None:
    for field, word in _OF_TEXTS.items():
        value = getattr(chosen, field)
        if value is not None and column.kind != "text":
            what = f"no {word} for a column of kind {column.kind}, which is for texts"
            raise _refused(column, path, field, what, value)
    size = chosen.max_tokens
    tokenizer = column.model_copy(update={"treatment": chosen}).treated.tokenizer
    if size is not None and size < FEWEST_PIECES and tokenizer == "byte_pair":
        what = f"at least {FEWEST_PIECES} tokens for byte pairs, so that single letters have room"
        raise _refused(column, path, "max_tokens", what, size)


def _check_option(column: Column, field: str, value: str, path: Sequence[str | int]) -> None:
    suited = [
        option.value for option in OPTIONS if option.field == field and column.kind in option.kinds
    ]
    if value in suited:
        return
    what = (
        f"a {_WORDS[field]} that suits a column of kind {column.kind}: {', '.join(suited)}"
        if suited
        else f"no {_WORDS[field]} for a column of kind {column.kind}"
    )
    raise _refused(column, path, field, what, value)


def _check_fill(column: Column, chosen: Treatment, path: Sequence[str | int]) -> None:
    value = chosen.fill_value
    if chosen.missing != "constant":
        if value is not None:
            raise _refused(
                column, path, "fill_value", "no fill_value unless missing is 'constant'", value
            )
        return
    if column.kind in ("number", "integer"):
        if not isinstance(value, float | int) or not math.isfinite(value):
            raise _refused(column, path, "fill_value", "a number that stands for missing", value)
    elif value not in (column.categories or []):
        known = listed(column.categories or [])
        raise _refused(column, path, "fill_value", f"one of the categories {known}", value)


def _refused(
    column: Column, path: Sequence[str | int], field: str, expected: str, found: object
) -> DocumentError:
    return refuse(
        "treatment_mismatch",
        f'Expected {expected} for "{column.name}", got {found!r}. Choose another value, or null '
        "for what is proposed.",
        path=[*path, field],
        column=column.name,
    )
