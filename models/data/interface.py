"""What a dataset, read by a recipe, asks of a network: the shape it feeds, the outputs it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from models.data.description import IMAGE_TARGET, Column, Description
from models.errors import DocumentError, Problem, Where, refuse
from models.recipe import Recipe, Task

FEATURE_KINDS = frozenset({"number", "integer", "boolean", "category"})
"""Column kinds that become numbers for a network."""
MAX_CLASSES = 1_000


@dataclass(frozen=True)
class Interface:
    """What the data asks of a network.

    Attributes:
        input_shape: of one prepared example, without the batch axis: `(features,)` after one-hot
            encoding, or `(channels, height, width)`.
        task: regression or classification.
        classes: names of the classes in the order of the network's outputs; None for regression.
        target: the column that is predicted.
        columns: the input columns in the order of their features; empty for images.
        dataset: what messages call the data.
    """

    input_shape: tuple[int, ...]
    task: Task
    classes: tuple[str, ...] | None
    target: str
    dataset: str = "the dataset"
    columns: tuple[str, ...] = ()

    @property
    def output_units(self) -> frozenset[int]:
        """The widths that the last layer may have. Two classes take one sigmoid or two softmax."""
        if self.classes is None:
            return frozenset({1})
        return frozenset({1, 2}) if len(self.classes) == 2 else frozenset({len(self.classes)})


def interface(description: Description, recipe: Recipe | None = None) -> Interface:
    """Work out what the data asks, by the recipe's columns where it names any.

    Raises:
        DocumentError: no target is known, a column is not there or cannot be used, the target is
            among the inputs, or the task does not suit the target. `where.path` is a path of the
            recipe.
    """
    recipe = recipe or Recipe()
    if description.kind == "images":
        return _of_images(description, recipe)
    target = _target(description, recipe)
    task, classes = _task(description, target, recipe.task)
    columns = _inputs(description, recipe, target)
    features = sum(width(column) for column in columns)
    return Interface(
        (features,), task, classes, target.name, columns=tuple(column.name for column in columns)
    )


def width(column: Column) -> int:
    """Return how many features the column becomes: one, or one for each category."""
    return len(column.categories or ()) if column.kind == "category" else 1


def near(name: str, names: Iterable[str]) -> str:
    """Return "; did you mean …?" for names that look alike, or what there is to choose from."""
    known = list(names)
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3)]
    if matches:
        return "Did you mean " + " or ".join(f'"{match}"' for match in matches) + "?"
    shown = ", ".join(f'"{candidate}"' for candidate in known[:10])
    return f"There are {shown}{' and others' if len(known) > 10 else ''}."


def _of_images(description: Description, recipe: Recipe) -> Interface:
    if recipe.target not in (None, IMAGE_TARGET):
        raise refuse(
            "unknown_column",
            f'Expected the target "{IMAGE_TARGET}", the only one that images in folders have, '
            f'got "{recipe.target}". Leave the target out or set it to "{IMAGE_TARGET}".',
            path=["target"],
        )
    if recipe.inputs:
        raise refuse(
            "unknown_column",
            f'Expected no input columns for a dataset of images, got "{recipe.inputs[0]}". '
            "Leave the inputs out: the image is the input.",
            path=["inputs"],
        )
    if recipe.task == "regression":
        raise refuse(
            "task_mismatch",
            "Expected the task classification, because the folders of the images are classes, "
            "got regression. Leave the task out.",
            path=["task"],
        )
    if description.image is None:
        raise ValueError("a description of images has a shape")
    shape = description.image
    classes = tuple(entry.name for entry in description.classes)
    return Interface(
        (shape.channels, shape.height, shape.width), "classification", classes, IMAGE_TARGET
    )


def _target(description: Description, recipe: Recipe) -> Column:
    name = recipe.target or (description.problem.target if description.problem else None)
    if name is None:
        raise refuse(
            "no_target",
            "Expected a target, the column to predict, got none, and no column of the dataset "
            "suggests itself. Choose one.",
            path=["target"],
        )
    column = _find(description, name, ["target"])
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
        path=["target"],
        column=name,
    )


def _task(
    description: Description, target: Column, wish: Task | None
) -> tuple[Task, tuple[str, ...] | None]:
    if wish is None:
        problem = description.problem
        wish = (
            problem.task if problem and problem.target == target.name else natural_task(target)[0]
        )
    if wish == "regression":
        if target.kind in ("category", "boolean") and not _numeric(target):
            raise refuse(
                "task_mismatch",
                f'Expected a number to predict for regression, got the target "{target.name}" '
                f"with the classes {_listed(target.categories or [])}. "
                "Use classification, or choose a target of numbers.",
                path=["task"],
                column=target.name,
            )
        return "regression", None
    if target.categories is None:
        raise refuse(
            "task_mismatch",
            f'Expected a target with classes for classification, got "{target.name}" with '
            f"{target.unique:,} different numbers. Use regression, or change the kind of the "
            "column to category.",
            path=["task"],
            column=target.name,
        )
    if len(target.categories) < 2:
        raise refuse(
            "single_class",
            f'Expected at least two classes to tell apart, got only "{target.categories[0]}" in '
            f'the target "{target.name}". Choose another target.',
            path=["target"],
            column=target.name,
        )
    if len(target.categories) > MAX_CLASSES:
        raise refuse(
            "too_many_classes",
            f"Expected at most {MAX_CLASSES:,} classes, got {len(target.categories):,} in the "
            f'target "{target.name}". Choose another target.',
            path=["target"],
            column=target.name,
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


def _inputs(description: Description, recipe: Recipe, target: Column) -> list[Column]:
    if recipe.inputs is None:
        columns = [
            column
            for column in description.columns
            if column.name != target.name
            and column.role != "ignore"
            and column.kind in FEATURE_KINDS
        ]
        if not columns:
            raise refuse(
                "no_inputs",
                f'Expected at least one input column beside the target "{target.name}", got none '
                "that is a number or a category. Change the kind or the role of a column.",
                path=["inputs"],
            )
        return columns
    return _named_inputs(description, recipe.inputs, target)


def _named_inputs(description: Description, names: list[str], target: Column) -> list[Column]:
    if not names:
        raise refuse(
            "no_inputs",
            "Expected at least one input column, got an empty list. Name one, or leave the inputs "
            "out to use every suitable column.",
            path=["inputs"],
        )
    columns: list[Column] = []
    problems: list[Problem] = []
    for index, name in enumerate(names):
        try:
            columns.append(_input(description, name, names.index(name) < index, target, index))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return columns


def _input(
    description: Description, name: str, repeated: bool, target: Column, index: int
) -> Column:
    path: list[str | int] = ["inputs", index]
    column = _find(description, name, path)
    if repeated:
        raise refuse(
            "duplicate_column",
            f'Expected every input once, got "{name}" twice. Remove one of them.',
            path=path,
            column=name,
        )
    if name == target.name:
        raise refuse(
            "target_among_inputs",
            f'Expected the target "{name}" not to be an input, because the network would be shown '
            "the answer. Remove it from the inputs or choose another target.",
            path=path,
            column=name,
        )
    if column.kind not in FEATURE_KINDS:
        raise refuse(
            "unusable_input",
            f'Expected an input of numbers or categories, got "{name}" of kind {column.kind} '
            f"({column.kind_reason}). Remove it from the inputs, or change its kind.",
            path=path,
            column=name,
        )
    return column


def _find(description: Description, name: str, path: list[str | int]) -> Column:
    for column in description.columns:
        if column.name == name:
            return column
    names = [column.name for column in description.columns]
    raise DocumentError(
        [
            Problem(
                code="unknown_column",
                message=f'Expected a column of the dataset, got "{name}". {near(name, names)}',
                where=Where(path=path, column=name),
            )
        ]
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
