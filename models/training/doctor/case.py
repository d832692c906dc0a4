"""Everything that is known of a training in progress, as the doctor sees it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.objectives.optimizers import Optimizer
from models.recipe import Recipe
from models.training.doctor.curve import Curve
from models.training.events import LayerStatistics, TensorStatistics
from models.training.plan import Plan
from models.training.watched import Watched

LOOKS = 3
"""Looks at the layers that are remembered."""


@dataclass(frozen=True)
class Look:
    """The layers as they were after a step."""

    step: int
    epoch: int
    nodes: Mapping[str, LayerStatistics]


@dataclass
class Case:
    """A training, up to this moment.

    Attributes:
        layers: in the order in which they compute.
        trivial: loss of always giving the same answer, the best one, on the training rows; None
            where the loss does not say how good an answer is, such as one that may be negative.
        trivial_val: the same on the validation rows.
        unit: what a loss is divided by to have it as it is trained on.
        looks: the newest last.
        largest_update: the largest update ratio of any layer, of all looks.
        first_update: the largest of the first look.
        ended: the state in which the training ends; None while it goes on.
    """

    plan: Plan
    layers: Sequence[Watched]
    trivial: float | None
    trivial_val: float | None
    unit: float = 1.0
    loss: Curve = field(default_factory=Curve)
    val_loss: Curve = field(default_factory=Curve)
    looks: list[Look] = field(default_factory=list)
    largest_update: float = 0.0
    first_update: float = 0.0
    epoch: int = 0
    step: int = 0
    ended: str | None = None

    @property
    def recipe(self) -> Recipe:
        return self.plan.recipe

    @property
    def optimizer(self) -> Optimizer:
        return self.plan.optimizer

    @property
    def parameters(self) -> int:
        """Numbers that are trained."""
        return sum(parameter.numel() for parameter in self.plan.work.parameters)

    @property
    def rows(self) -> int:
        """Rows that are learnt."""
        return self.plan.train.rows

    @property
    def batch_size(self) -> int:
        """Rows that a step learns from: those of all its batches."""
        batches = self.plan.work.batches
        return min(self.rows, batches.size * batches.per_step)

    @property
    def penalized(self) -> bool:
        """Whether the loss holds penalties too, so that it does not say how good answers are."""
        return self.plan.network.penalized

    @property
    def weighted(self) -> bool:
        """Whether some rows count more than others, other than to balance classes."""
        return self.plan.train.weights is not None or isinstance(self.recipe.class_weight, dict)

    @property
    def judged(self) -> bool:
        """Whether the loss can be compared with the trivial one."""
        return self.trivial is not None and not self.penalized and not self.weighted

    @property
    def trivial_trained(self) -> float:
        """The trivial loss as it is trained on; 1 where there is none."""
        return 1.0 if self.trivial is None else self.trivial / self.unit

    @property
    def noisy(self) -> bool:
        """Whether layers draw random numbers in training, so that its loss does, too."""
        return any(
            "dropout" in type(module).__name__.lower() or "noise" in type(module).__name__.lower()
            for module in self.plan.network.modules()
        )

    @property
    def restores_best(self) -> bool:
        """Whether the weights of the best epoch are put back at the end, by the validation."""
        rule = self.recipe.stopping_rule
        return rule is not None and rule.restore_best and rule.monitor.startswith("val_")

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return self.plan.rates(self.step, 1)[0]

    @property
    def last_layer(self) -> Watched:
        """The layer that gives the network's first answer."""
        plan = self.plan.network.plan
        stage = plan.answers[0].stage
        node = plan.stages[stage].node if stage is not None else None
        own = [layer for layer in self.layers if layer.path == node]
        return own[-1] if own else self.layers[-1]

    def trained(self) -> list[Watched]:
        """Return the layers that have weights to train, the Blocks as wholes left out."""
        return [
            layer
            for layer in self.layers
            if not layer.block
            and any(p.requires_grad for module in layer.modules for p in module.parameters())
        ]

    def both(self, layer: Watched) -> Iterator[LayerStatistics]:
        """Yield a layer's statistics of the two newest looks; nothing while there are not two."""
        if len(self.looks) >= 2:
            for look in self.looks[-2:]:
                if layer.path in look.nodes:
                    yield look.nodes[layer.path]

    def newest(self, layer: Watched) -> LayerStatistics | None:
        """Return a layer's statistics of the newest look."""
        return self.looks[-1].nodes.get(layer.path) if self.looks else None

    def add(self, look: Look) -> None:
        """Take in a look."""
        self.looks = [*self.looks[-(LOOKS - 1) :], look]
        self.largest_update = max(self.largest_update, updates(look))
        self.first_update = self.first_update or updates(look)

    def sources(self, node: str) -> list[str]:
        """Return the nodes from which a node of the network takes its values."""
        plan = self.plan.network.plan
        givers = {value: stage.node for stage in plan.stages for value in stage.outputs}
        own = [stage for stage in plan.stages if stage.node == node]
        taken = dict.fromkeys(value for stage in own for value in stage.inputs)
        names = dict.fromkeys(givers.get(value, value) for value in taken)
        return [name for name in names if name != node]


def updates(look: Look) -> float:
    """Return the largest update ratio of any layer."""
    return max((told.update_ratio or 0.0 for told in look.nodes.values()), default=0.0)


def size(told: TensorStatistics | None) -> float | None:
    """Return the root of the mean square of a tensor's numbers; None where they are not finite."""
    if told is None or told.mean is None or told.std is None:
        return None
    return math.hypot(told.mean, told.std)


def with_rate(case: Case, rate: float) -> dict[str, Any]:
    """Return the recipe's optimizer with another learning rate."""
    named = case.recipe.optimizer
    given = named.model_dump(mode="json") if named else {"type": case.optimizer.name}
    return {**given, "learning_rate": float(f"{rate:.2g}")}
