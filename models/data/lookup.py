"""Finding a column by the name that a document gives, and what to say when there is none."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from models.data.description import Column, Description
from models.errors import refuse

Spot = dict[str, Any]
"""Where a document names a column, as keyword arguments of `Where`: a path of the recipe, or a
layer and the path of its parameter."""


def near(name: str, names: Iterable[str]) -> str:
    """Return "; did you mean …?" for names that look alike, or what there is to choose from."""
    known = list(names)
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3)]
    if matches:
        return "Did you mean " + " or ".join(f'"{match}"' for match in matches) + "?"
    shown = ", ".join(f'"{candidate}"' for candidate in known[:10])
    return f"There are {shown}{' and others' if len(known) > 10 else ''}."


def find(description: Description, name: str, spot: Spot) -> Column:
    """Return the column of that name.

    Raises:
        DocumentError: there is none.
    """
    for column in description.columns:
        if column.name == name:
            return column
    names = [column.name for column in description.columns]
    raise refuse(
        "unknown_column",
        f'Expected a column of the dataset, got "{name}". {near(name, names)}',
        column=name,
        **spot,
    )


def listed(names: list[str]) -> str:
    """Return the first few names, and how many more there are."""
    shown = ", ".join(f'"{name}"' for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
