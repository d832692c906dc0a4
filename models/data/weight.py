"""The column that says how much each row counts, as Keras's `sample_weight`."""

from collections.abc import Container

from models.data.description import Column, Description
from models.data.lookup import Spot, find
from models.errors import refuse
from models.recipe import Recipe


def weight_of(description: Description, recipe: Recipe, targets: Container[str]) -> str | None:
    """Return the column that says how much each row counts, if there is one.

    Raises:
        DocumentError: the recipe names one that is not there, is a target, or cannot be it.
    """
    spot: Spot = {"path": ["sample_weight"]}
    name = recipe.sample_weight
    if name is None:
        columns = [column for column in description.columns if column.role == "weight"]
        column = next((column for column in columns if column.name not in targets), None)
        if column is None:
            return None
    else:
        column = find(description, name, spot)
        if name in targets:
            raise refuse(
                "weight_is_target",
                f'Expected a column of weights that is not the target, got "{name}". '
                "Choose another column.",
                column=name,
                **spot,
            )
    check_weight(column, spot)
    return column.name


def check_weight(column: Column, spot: Spot) -> None:
    """Check that a column can say how much each row counts.

    Raises:
        DocumentError: it holds no numbers, negative ones, or nothing above 0.
    """
    if column.kind not in ("number", "integer") or column.minimum is None:
        found = f"a column of kind {column.kind}"
    elif column.minimum < 0:
        found = f"values down to {column.minimum:g}"
    elif not column.maximum:
        found = "0 in every row"
    else:
        return
    raise refuse(
        "unusable_weight",
        f"Expected numbers of 0 or more, and some above 0, as the weights of rows, got {found} in "
        f'"{column.name}". Choose another column.',
        column=column.name,
        **spot,
    )
