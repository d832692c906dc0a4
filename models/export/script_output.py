"""One Output of a network, as a script tells of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from models.aims import Aim
from models.call import repr_argument
from models.objectives.criterion import Criterion
from models.objectives.losses import Loss
from models.objectives.metrics.base import Metric, Scored

ANSWERED = {
    "classes": "found",
    "probabilities": "shares",
    "second": "shares[:, 1]",
    "numbers": "found",
    "outputs": "outputs",
}
"""What scripts call the answers that a metric is worked out from."""


@dataclass(frozen=True)
class ScriptOutput:
    """An Output with its loss, bound to what the network gives there.

    Attributes:
        standardised: the target is, while the network learns.
        alike: whether all Outputs are to predict the same.
    """

    aim: Aim
    criterion: Criterion
    standardised: bool
    alike: bool

    @property
    def loss(self) -> Loss:
        """The loss."""
        return self.aim.loss

    @property
    def suffix(self) -> str:
        """What the names of its functions end with: nothing for the only Output."""
        return f"_{self.aim.name}" if self.aim.named else ""

    @property
    def classes(self) -> str | None:
        """The name of its classes; None where a number is predicted."""
        return self._constant("CLASSES") if self.aim.asked.classes is not None else None

    @property
    def several(self) -> bool:
        """Whether an example has any number of the classes."""
        return self.aim.asked.task == "multilabel"

    @cached_property
    def metrics(self) -> list[tuple[Metric, Scored]]:
        """The metrics, each with the function that gives it."""
        if self.several:
            return [(metric, metric.scored_of_labels()) for metric in self.aim.metrics]
        classes = len(self.aim.asked.classes or ())
        return [(metric, metric.scored(classes)) for metric in self.aim.metrics]

    def facts(self) -> dict[str, Any]:
        """Return what the templates of both libraries ask for."""
        aim, names = self.aim, self.aim.asked.classes or ()
        given = aim.class_weight
        weights = given if isinstance(given, dict) else {}
        asked = {"second" if scored.threshold != 0.5 else scored.of for _, scored in self.metrics}
        return {
            "name": aim.name,
            "place": aim.place,
            "prefix": aim.prefix,
            "suffix": self.suffix,
            "target": self._constant("TARGET"),
            "classes": self.classes,
            "several": self.several,
            "standardised": self.standardised,
            "in_unit": self._in_unit(),
            "width": self.criterion.width,
            "weighted": given is not None,
            "balanced": given == "balanced",
            "class_weight": [float(weights.get(name, 1.0)) for name in names],
            "loss_weight": aim.loss_weight,
            "root": self.loss.combine == "root_mean_square",
            "uses_classes": "classes" in asked,
            "uses_shares": bool(asked & {"probabilities", "second"}),
            "uses_numbers": "numbers" in asked,
            "uses_outputs": "outputs" in asked,
            "metrics": [
                (repr_argument(aim.prefix + metric.label), scored.source(ANSWERED))
                for metric, scored in self.metrics
            ],
        }

    def _constant(self, name: str) -> str:
        """Return the name of what is known of its target."""
        return name if self.alike else name + self.suffix.upper()

    def _in_unit(self) -> str:
        """Return what a loss is multiplied by to be in the target's own unit, as source."""
        power = self.loss.unit if self.standardised else 0
        scale = f"scales[{self.aim.place}]" if self.aim.named else "scale"
        return ("", f" * {scale}[1]", f" * {scale}[1] ** {power}")[min(power, 2)]
