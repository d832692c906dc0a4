"""What a column can be as a target: a number to predict, or classes to tell apart."""

from models.data.description import Column, Description
from models.data.lookup import Spot, find, listed
from models.errors import refuse
from models.recipe import Task

NUMERIC = frozenset({"number", "integer"})
FEATURE_KINDS = NUMERIC | {"boolean", "category"}
"""Column kinds that can be predicted."""
USUAL_INPUTS = FEATURE_KINDS | {"date"}
"""Column kinds that are inputs unless someone says otherwise."""
INPUT_KINDS = USUAL_INPUTS | {"text"}
"""Column kinds that become numbers for a network."""
MAX_CLASSES = 1_000


def usable(description: Description, name: str, spot: Spot) -> Column:
    """Return the column of that name, which can be predicted.

    Raises:
        DocumentError: there is none, or it cannot.
    """
    column = find(description, name, spot)
    if column.kind in FEATURE_KINDS:
        return column
    messages = {
        "identifier": (
            f"looks like an identifier: {column.kind_reason}. A value that no other row shares "
            "cannot be learnt."
        ),
        "text": f"holds free text with {column.unique:,} different values, not classes or numbers.",
        "date": "holds dates, not classes or numbers.",
        "constant": "has a single value, so there is nothing to predict.",
        "empty": "has no values at all.",
    }
    codes = {"identifier": "identifier_target", "constant": "single_class"}
    raise refuse(
        codes.get(column.kind, "unusable_target"),
        f'The target "{name}" {messages[column.kind]} Choose another target'
        + (", or change the kind of the column." if column.kind != "empty" else "."),
        column=name,
        **spot,
    )


def task_of(
    description: Description, target: Column, wish: Task | None, spot: Spot, wished: Spot
) -> tuple[Task, tuple[str, ...] | None]:
    """Return the task that a target makes, and its classes in the order of their codes.

    Args:
        wish: the task that is asked for; None takes the one that suits.
        spot: where the target is named.
        wished: where the task is asked for.

    Raises:
        DocumentError: the target does not suit the task, or has too few or too many classes.
    """
    if wish is None:
        problem = description.problem
        told = problem is not None and problem.target == target.name
        wish = problem.task if problem and told else natural_task(target)[0]
    if wish == "multilabel":
        raise refuse(
            "task_mismatch",
            "Expected classification or regression for a column of a table, which has one value in "
            f'each row, got multilabel for "{target.name}". Leave the task out, or upload images '
            "with a table that gives several labels to each.",
            column=target.name,
            **wished,
        )
    if wish == "regression":
        if target.kind in ("category", "boolean") and not _numeric(target):
            raise refuse(
                "task_mismatch",
                f'Expected a number to predict for regression, got the target "{target.name}" '
                f"with the classes {listed(target.categories or [])}. "
                "Use classification, or choose a target of numbers.",
                column=target.name,
                **wished,
            )
        return "regression", None
    if target.categories is None:
        raise refuse(
            "task_mismatch",
            f'Expected a target with classes for classification, got "{target.name}" with '
            f"{target.unique:,} different numbers. Use regression, or change the kind of the "
            "column to category.",
            column=target.name,
            **wished,
        )
    if len(target.categories) < 2:
        raise refuse(
            "single_class",
            f'Expected at least two classes to tell apart, got only "{target.categories[0]}" in '
            f'the target "{target.name}". Choose another target.',
            column=target.name,
            **spot,
        )
    if len(target.categories) > MAX_CLASSES:
        raise refuse(
            "too_many_classes",
            f"Expected at most {MAX_CLASSES:,} classes, got {len(target.categories):,} in the "
            f'target "{target.name}". Choose another target.',
            column=target.name,
            **spot,
        )
    return "classification", tuple(target.categories)


def natural_task(target: Column) -> tuple[Task, str]:
    """Return the task that suits a target column, and why."""
    count = len(target.categories or ())
    if target.kind in ("category", "boolean"):
        return (
            "classification",
            f'"{target.name}" holds {count} classes, so this is classification',
        )
    if target.kind == "integer" and target.categories is not None:
        return (
            "classification",
            f'"{target.name}" holds only {count} different whole numbers, so they are taken as '
            "classes; choose regression if their size matters",
        )
    return "regression", f'"{target.name}" holds numbers, so this is regression'


def _numeric(column: Column) -> bool:
    """Return whether all categories read as numbers, as those of a 0/1 column do."""
    try:
        for category in column.categories or ():
            float(category)
    except ValueError:
        return False
    return True
