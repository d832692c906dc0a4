"""What each Output of a network is trained for: its loss, how much it counts, its metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from models.data.ends import ClassWeight
from models.data.interface import Goal, Interface
from models.errors import DocumentError, Fix, SetParams, SetRecipe, at_node
from models.objectives.base import declare
from models.objectives.losses import LOSSES, Loss
from models.objectives.metrics import metric_of
from models.objectives.metrics.base import Metric
from models.recipe import Objective, Recipe


@dataclass(frozen=True)
class Aim:
    """What one Output is trained for.

    Attributes:
        asked: what the data asks of this Output alone.
        place: of the Output among all.
        named: whether there are others, so that its values bear its name.
        given: the recipe's loss.
        metrics: of the recipe, those that suit.
        common_weight: of the classes, as the recipe says.
    """

    asked: Interface
    place: int
    named: bool
    given: Objective | None
    metrics: tuple[Metric, ...]
    common_weight: ClassWeight | None

    @property
    def goal(self) -> Goal:
        """What the Output is to predict, and what it says for itself."""
        return self.asked.goals[0]

    @property
    def name(self) -> str:
        """The id of the Output."""
        return self.goal.end.node or "output"

    @property
    def prefix(self) -> str:
        """What the names of its values begin with, as in Keras: nothing for the only Output."""
        return f"{self.name}_" if self.named else ""

    @property
    def objective(self) -> Objective:
        """The loss: the Output's own, or else the recipe's, or else the one that suits."""
        return self.goal.end.loss or self.given or Objective(type=self.suited[0])

    @property
    def suited(self) -> tuple[str, str]:
        """The loss that suits task and output layer, and why."""
        return suited_loss(self.asked, self.goal.end.units, self.goal.end.activation)

    @cached_property
    def loss(self) -> Loss:
        """The loss as it is declared.

        Raises:
            DocumentError: unknown type or parameter; `where` is a path of the recipe or the Output.
        """
        if self.goal.end.loss is None:
            return declare(LOSSES, self.objective, "loss", ["loss"])
        try:
            return declare(LOSSES, self.objective, "loss", ["params", "loss"])
        except DocumentError as error:
            raise DocumentError(
                [at_node(problem, self.name) for problem in error.problems]
            ) from error

    @property
    def loss_weight(self) -> float:
        """How much the loss counts in the sum of all."""
        return self.goal.end.loss_weight

    @property
    def class_weight(self) -> ClassWeight | None:
        """How much the examples of each class count; None where all count alike."""
        if self.goal.exclusive is None:
            return None
        return self.goal.end.class_weight or self.common_weight

    @property
    def labels(self) -> list[str]:
        """What its values are called in a run, the loss first."""
        return [self.prefix + label for label in ("loss", *(m.label for m in self.metrics))]

    @property
    def loss_spot(self) -> dict[str, Any]:
        """Where its loss is named, or would have to be: for `Where`."""
        if self.goal.end.loss is not None or (self.named and self.given is None):
            return {"node": self.goal.end.node, "path": ["params", "loss", "type"]}
        return {"path": ["loss", "type"]}

    def use(self, loss: str) -> Fix:
        """Return the change that gives it another loss, and no other Output."""
        title = f"Use {loss}"
        if self.goal.end.node is not None and (self.named or self.goal.end.loss is not None):
            change = SetParams(node=self.goal.end.node, params={"loss": {"type": loss}})
            return Fix(title=title, changes=[change])
        return Fix(title=title, changes=[SetRecipe(values={"loss": {"type": loss}})])


def aims(asked: Interface, recipe: Recipe) -> tuple[Aim, ...]:
    """Return what each Output is trained for, in the order of the Outputs.

    Raises:
        DocumentError: the recipe names an unknown metric.
    """
    metrics = [
        metric_of(entry, ["metrics", index]) for index, entry in enumerate(recipe.metrics or [])
    ]
    alone = asked.alone()
    named = len(alone) > 1
    return tuple(
        Aim(
            one,
            place,
            named,
            recipe.loss,
            tuple(metric for metric in metrics if not named or suits(metric, one)),
            recipe.class_weight,
        )
        for place, one in enumerate(alone)
    )


def reported(all_aims: Sequence[Aim]) -> list[str]:
    """Return the names of the values of an epoch: the whole loss first, then those by Output."""
    names = [label for aim in all_aims for label in aim.labels]
    return ["loss", *names] if len(all_aims) > 1 else names


def suits(metric: Metric, asked: Interface) -> bool:
    """Return whether a metric suits the task and the classes of an Output."""
    if metric.tasks is not None and asked.task not in metric.tasks:
        return False
    return asked.classes is None or metric.misfit(len(asked.classes)) is None


def suited_loss(asked: Interface, units: int | None, activation: str | None) -> tuple[str, str]:
    """Return the loss that suits a task and an output layer, and why."""
    if asked.task == "regression":
        return "MeanSquaredError", "A number is predicted: large errors should weigh most"
    classes = asked.classes or ()
    if asked.task == "multilabel":
        return (
            "BinaryCrossentropy",
            f"Each of the {len(classes)} labels is a yes or no of its own, with a sigmoid output "
            "each",
        )
    if len(classes) == 2 and units in (None, 1) and activation != "softmax":
        return "BinaryCrossentropy", "Two classes and one sigmoid output"
    return (
        "CategoricalCrossentropy",
        f"{len(classes)} classes and {len(classes)} outputs that share out the probability",
    )
