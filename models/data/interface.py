"""What a dataset, read by a recipe, asks of a network: shapes it feeds, outputs it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from models.data.dealt_by import DealtBy, dealt_by
from models.data.description import IMAGE_TARGET, Description
from models.data.ends import NOTHING, Ends, InputEnd, OutputEnd
from models.data.features import Taken, columns_of, vocabulary, width
from models.data.lookup import Spot
from models.data.sequence import steps_of
from models.data.sequence_split import dealt_steps
from models.data.target import task_of, usable
from models.data.weight import weight_of
from models.errors import Fix, Problems, SetParams, SetRecipe, refuse
from models.recipe import Recipe, Task


@dataclass(frozen=True)
class Entry:
    """What enters at one Input.

    Attributes:
        shape: of one prepared example, without the batch axis.
        columns: of the dataset, in the order of their features; empty for images.
        node: the id of the Input, where the network is known.
        vocabulary: how many codes each column has, where they enter as codes for an Embedding.
        text: whether these are the tokens of a text, one after the other.
    """

    shape: tuple[int, ...]
    columns: tuple[str, ...] = ()
    node: str | None = None
    vocabulary: tuple[int, ...] = ()
    text: bool = False


@dataclass(frozen=True)
class Goal:
    """What one Output is to predict.

    Attributes:
        task: regression, classification or multilabel.
        classes: their names, or those of the labels, in the order of the network's outputs; None
            for regression.
        target: the column that is predicted.
        end: what the Output says for itself.
    """

    task: Task
    classes: tuple[str, ...] | None
    target: str
    end: OutputEnd = NOTHING

    @property
    def exclusive(self) -> tuple[str, ...] | None:
        """The classes where every example is of exactly one of them; None where that is not so."""
        return None if self.task == "multilabel" else self.classes


@dataclass(frozen=True)
class Interface:
    """What the data asks of a network.

    Attributes:
        input_shape: of one prepared example at the first Input, without the batch axis:
            `(features,)` after one-hot encoding, `(steps, features)` of a sequence, or
            `(channels, height, width)`.
        task: of the first Output: regression, classification or multilabel.
        classes: of the first Output: their names in the order of the network's outputs; None for
            regression.
        target: of the first Output: the column that is predicted.
        dataset: what messages call the data.
        columns: the input columns of all Inputs; empty for images.
        weight: the column that says how much each row counts; None where all count alike.
        entries: what enters at each Input; one, unless several are given.
        goals: what each Output is to predict; one, unless several are given.
        sequence: where rows are steps, whether examples are windows of them or whole groups.
    """

    input_shape: tuple[int, ...]
    task: Task
    classes: tuple[str, ...] | None
    target: str
    dataset: str = "the dataset"
    columns: tuple[str, ...] = ()
    weight: str | None = None
    entries: tuple[Entry, ...] = ()
    goals: tuple[Goal, ...] = ()
    sequence: Literal["windows", "groups"] | None = None

    def __post_init__(self) -> None:
        if not self.entries:
            object.__setattr__(self, "entries", (Entry(self.input_shape, self.columns),))
        if not self.goals:
            object.__setattr__(self, "goals", (Goal(self.task, self.classes, self.target),))

    @property
    def output_units(self) -> frozenset[int]:
        """The widths that the last layer may have. Two classes take one sigmoid or two softmax."""
        if self.classes is None:
            return frozenset({1})
        either = len(self.classes) == 2 and self.exclusive is not None
        return frozenset({1, 2}) if either else frozenset({len(self.classes)})

    @property
    def exclusive(self) -> tuple[str, ...] | None:
        """The classes of the first Output where every example is of exactly one of them."""
        return self.goals[0].exclusive

    def entry(self, node: str, alone: bool) -> Entry | None:
        """Return what enters at an Input; `alone` says whether it is the network's only one."""
        if alone and len(self.entries) == 1:
            return self.entries[0]
        return next((entry for entry in self.entries if entry.node == node), None)

    def asked_at(self, node: str, alone: bool) -> "Interface | None":
        """Return what is asked at an Output; `alone` says whether it is the network's only one."""
        outputs = self.alone()
        if alone and len(outputs) == 1:
            return outputs[0]
        return next((one for one in outputs if one.goals[0].end.node == node), None)

    @property
    def stratified(self) -> Goal | None:
        """The goal whose classes keep their shares in a split: the first that has any."""
        return next((goal for goal in self.goals if goal.exclusive is not None), None)

    def alone(self) -> tuple["Interface", ...]:
        """Return what is asked at each Output, as if it were the only one."""
        return tuple(
            replace(self, task=goal.task, classes=goal.classes, target=goal.target, goals=(goal,))
            for goal in self.goals
        )


def interface(
    description: Description, recipe: Recipe | None = None, ends: Ends | None = None
) -> Interface:
    """Work out what the data asks, by the columns that the recipe and the network's ends name.

    Args:
        ends: of the network; None stands for one Input and one Output that say nothing.

    Raises:
        DocumentError: no target is known, a column is not there or cannot be used, a target is
            among the inputs, the task does not suit a target, or recipe and ends contradict each
            other. `where` is a path of the recipe, or a layer and a path of its own.
    """
    recipe, ends = recipe or Recipe(), ends or Ends()
    if description.kind == "images":
        steps_of(description, recipe)
        dealt_by(description, recipe.split)
        return _of_images(description, recipe, ends)
    steps = steps_of(description, recipe)
    targets = _targets(description, recipe, ends.outputs)
    goals = _goals(description, recipe, targets, ends.outputs)
    taken = {goal.target: "target" for goal in goals}
    weight = weight_of(description, recipe, taken)
    if weight is not None:
        taken[weight] = "weight"
    by = (
        dealt_by(description, recipe.split)
        if steps is None
        else dealt_steps(description, recipe.split, steps)
    )
    if by.column is not None:
        _check_dealt(by, taken)
        if by.by != "time":
            taken[by.column.name] = "split"
    if steps is not None and steps.forecasts:
        # What a target was before is an input like any other, and mostly the best one.
        taken = {name: what for name, what in taken.items() if what != "target"}
    if steps is not None:
        texts = (column.name for column in description.columns if column.kind == "text")
        taken |= dict.fromkeys(texts, "text")
    columns = columns_of(description, recipe.inputs, ends.inputs, taken)
    time = () if steps is None else (steps.window,)
    entries = tuple(
        Entry(
            (*time, sum(map(width, entering))),
            tuple(column.name for column in entering),
            end.node,
            tuple(codes for column in entering if (codes := vocabulary(column)) is not None),
            any(column.kind == "text" for column in entering),
        )
        for entering, end in zip(columns, ends.inputs, strict=True)
    )
    names = dict.fromkeys(name for entry in entries for name in entry.columns)
    kind = steps.kind if steps is not None else None
    return replace(of_ends(entries, goals, tuple(names), weight), sequence=kind)


def _check_dealt(by: DealtBy, taken: Taken) -> None:
    """Check that rows are not split by what is predicted, or by their weight."""
    name = by.column.name if by.column is not None else ""
    if name in taken:
        raise refuse(
            "contradiction",
            f'Expected a column to split by that is not the {taken[name]}, got "{name}". Choose '
            "another column, or split in another way.",
            path=["split", "column"],
            column=name,
        )


def of_ends(
    entries: tuple[Entry, ...],
    goals: tuple[Goal, ...],
    columns: tuple[str, ...] = (),
    weight: str | None = None,
) -> Interface:
    """Return the interface of these Inputs and Outputs."""
    first = goals[0]
    return Interface(
        entries[0].shape,
        first.task,
        first.classes,
        first.target,
        columns=columns,
        weight=weight,
        entries=entries,
        goals=goals,
    )


def _of_images(description: Description, recipe: Recipe, ends: Ends) -> Interface:
    problems = Problems()
    targets: list[tuple[str | None, Spot]] = [(recipe.target, {"path": ["target"]})]
    targets += [(end.target, _at(end, "target")) for end in ends.outputs]
    for name, spot in targets:
        with problems.collecting():
            if name not in (None, IMAGE_TARGET):
                raise refuse(
                    "unknown_column",
                    f'Expected the target "{IMAGE_TARGET}", the only one that images in folders '
                    f'have, got "{name}". Leave the target out or set it to "{IMAGE_TARGET}".',
                    **spot,
                )
    columns: list[tuple[Sequence[str] | None, Spot]] = [(recipe.inputs, {"path": ["inputs"]})]
    columns += [(end.columns, _at(end, "columns")) for end in ends.inputs]
    for names, spot in columns:
        with problems.collecting():
            if names:
                raise refuse(
                    "unknown_column",
                    f'Expected no input columns for a dataset of images, got "{names[0]}". '
                    "Leave the inputs out: the image is the input.",
                    **spot,
                )
    for end in ends.inputs[1:]:
        with problems.collecting():
            raise refuse(
                "several_inputs",
                f"Expected one Input for a dataset of images, where the image is all that there "
                f"is to enter, got {len(ends.inputs)}. Branch off after the first Input instead.",
                node=end.node,
            )
    with problems.collecting():
        if recipe.sample_weight is not None:
            raise refuse(
                "unknown_column",
                f"Expected no column of weights for a dataset of images, got "
                f'"{recipe.sample_weight}". Leave sample_weight out.',
                path=["sample_weight"],
            )
    task = description.problem.task if description.problem else "classification"
    with problems.collecting():
        if recipe.task not in (None, task):
            raise refuse(
                "task_mismatch",
                f"Expected the task {task}, because {_WHY[task]}, got "
                f"{recipe.task}. Leave the task out.",
                path=["task"],
            )
    problems.tell()
    if description.image is None:
        raise ValueError("a description of images has a shape")
    image = description.image
    shape = (image.channels, image.height, image.width)
    names = tuple(entry.name for entry in description.classes)
    classes = None if task == "regression" else names
    goals = tuple(Goal(task, classes, IMAGE_TARGET, end) for end in ends.outputs)
    return of_ends((Entry(shape, (), ends.inputs[0].node),), goals)


_WHY: dict[Task, str] = {
    "regression": "the labels of the images are numbers",
    "classification": "the labels of the images are classes",
    "multilabel": "an image may have several labels",
}


def _at(end: InputEnd | OutputEnd, field: str) -> Spot:
    return {"node": end.node, "path": ["params", field]}


def _targets(
    description: Description, recipe: Recipe, outputs: tuple[OutputEnd, ...]
) -> list[tuple[str, Spot]]:
    """Return the target of each Output, and where it is named."""
    proposed = description.problem.target if description.problem else None
    common = recipe.target or proposed
    named = [end.target for end in outputs if end.target is not None]
    free = [end for end in outputs if end.target is None]
    problems = Problems()
    if recipe.target is not None and not free and recipe.target not in named:
        with problems.collecting():
            raise _two_targets(recipe.target, outputs)
    for end in free:
        with problems.collecting():
            if len(outputs) > 1 and (len(free) > 1 or common in named or common is None):
                raise refuse(
                    "no_target",
                    f"Expected a target for each of the {len(outputs)} Outputs, got none here. "
                    "Choose the column that this Output predicts.",
                    **_at(end, "target"),
                )
            if common is None:
                raise refuse(
                    "no_target",
                    "Expected a target, the column to predict, got none, and no column of the "
                    "dataset suggests itself. Choose one.",
                    path=["target"],
                )
    problems.tell()
    return [
        (end.target, _at(end, "target")) if end.target else (common or "", {"path": ["target"]})
        for end in outputs
    ]


def _two_targets(target: str, outputs: tuple[OutputEnd, ...]) -> Exception:
    if len(outputs) == 1 and outputs[0].node is not None:
        change = SetParams(node=outputs[0].node, params={"target": target})
        return refuse(
            "contradiction",
            f'Expected one target, got "{outputs[0].target}" here and "{target}" in the recipe. '
            "Set one of them to the other.",
            Fix(title=f'Predict "{target}"', changes=[change]),
            **_at(outputs[0], "target"),
        )
    return refuse(
        "contradiction",
        f'Expected no target in the recipe where every Output names its own, got "{target}", which '
        "none of them predicts. Leave it out, or set it at an Output.",
        Fix(title="Leave the target to the Outputs", changes=[SetRecipe(values={"target": None})]),
        path=["target"],
    )


def _goals(
    description: Description,
    recipe: Recipe,
    targets: list[tuple[str, Spot]],
    outputs: tuple[OutputEnd, ...],
) -> tuple[Goal, ...]:
    problems = Problems()
    goals: list[Goal] = []
    several = len(outputs) > 1
    for (name, spot), end in zip(targets, outputs, strict=True):
        with problems.collecting():
            column = usable(description, name, spot)
            own = several or recipe.task is None
            wished = _at(end, "loss") if own and end.task else {"path": ["task"]}
            wish = end.task if own else recipe.task
            task, classes = task_of(description, column, wish, spot, wished)
            goals.append(Goal(task, classes, column.name, end))
    problems.tell()
    unlike = [goal for goal in goals if recipe.task not in (None, goal.task)]
    if unlike:
        raise refuse(
            "contradiction",
            f"Expected no task in the recipe where the Outputs have their own, got {recipe.task} "
            f'beside {unlike[0].task} of "{unlike[0].target}". Leave it out: the target says the '
            "task, or the loss of the Output.",
            Fix(title="Leave the task to the Outputs", changes=[SetRecipe(values={"task": None})]),
            path=["task"],
        )
    return tuple(goals)
