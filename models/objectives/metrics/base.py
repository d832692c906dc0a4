"""The base of the metrics: what is counted of the examples, and what is made of the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from models.call import Call, repr_argument
from models.catalog import ObjectiveType
from models.objectives.base import Declaration
from models.recipe import Task


@dataclass(frozen=True)
class Tally:
    """A function of `models.objectives.tallies`, by name, with its settings.

    It turns outputs and targets of any number of examples into a few numbers. Metrics that ask for
    the same tally share it.
    """

    name: str
    settings: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Misfit:
    """Why a metric does not suit the number of classes, and the metric that would do instead."""

    expected: str
    received: str
    instead: "Metric | None" = None


@dataclass(frozen=True)
class Scored:
    """A function that gives a metric: of scikit-learn, or of `models.objectives.scores`.

    Attributes:
        call: the function, with what it takes after what is expected and what was answered.
        of: what was answered: the predicted classes, the probabilities of all classes, that of the
            second of two, the network's outputs (N, width), or numbers in the target's own unit.
        threshold: of two classes the second is predicted where its probability is above it.
        entry: which number of those that it gives; None where it gives one.
        chosen: a function of `models.objectives.scores` that chooses, of what is expected and what
            was answered, what is judged; None where all is.
    """

    call: Call
    of: Literal["classes", "probabilities", "second", "outputs", "numbers"]
    threshold: float = 0.5
    entry: tuple[int, int] | None = None
    chosen: str | None = None

    @property
    def own(self) -> set[str]:
        """The functions of `models.objectives.scores` that it calls."""
        return {name for name in (self.call.name, self.chosen) if name and "." not in name}

    def source(self, answered: Mapping[str, str]) -> str:
        """Return the call as source.

        Args:
            answered: how what was answered is called there.
        """
        given = answered[self.of]
        if self.threshold != 0.5:
            given = f"{answered['second']} > {self.threshold}"
        judged = ["expected", given]
        if self.chosen is not None:
            judged = [f"*{self.chosen}({', '.join(judged)})"]
        told = [repr_argument(value) for value in self.call.args]
        told += [f"{key}={repr_argument(value)}" for key, value in self.call.kwargs.items()]
        entry = f"[{self.entry[0]}, {self.entry[1]}]" if self.entry is not None else ""
        return f"{self.call.name}({', '.join([*judged, *told])}){entry}"


class Metric(Declaration):
    """Base of the metrics."""

    better: ClassVar[Literal["lower", "higher"]]
    unit: ClassVar[int] = 0
    """Power of the target's unit that the value bears."""
    share: ClassVar[bool] = False
    """Whether it is a share of something, from 0 to 1, and is best read in percent."""
    usual: ClassVar[bool] = False
    """Whether an evaluation tells it unasked."""

    @property
    def label(self) -> str:
        """What its values are called in a run: the name, and what is not as usual about it."""
        unlike = self.changed()
        if not unlike:
            return self.name
        shown = (
            f"{key}={value:.12g}" if isinstance(value, float) else f"{key}={value}"
            for key, value in unlike.items()
        )
        return f"{self.name}({', '.join(shown)})"

    def misfit(self, classes: int) -> Misfit | None:
        """Return what is wrong with it for so many classes."""
        if self.classes == "two" and classes != 2:
            return Misfit("a metric for any number of classes", f"{self.name}, which is for two")
        return None

    def tally(self) -> Tally:
        """Return what has to be counted of the examples."""
        raise NotImplementedError(type(self).__name__)

    def value(self, told: Sequence[float]) -> float | None:
        """Return the metric from what its tally told; None where it is not defined."""
        raise NotImplementedError(type(self).__name__)

    def scored(self, classes: int) -> Scored:
        """Return the function for so many classes, 0 for numbers."""
        raise NotImplementedError(type(self).__name__)

    def scored_of_labels(self) -> Scored:
        """Return the function for examples with several labels each."""
        return self.scored(0)

    def keras(self) -> str | Call | None:
        """Return what Keras calls it, where that needs no certain form of targets."""
        return None

    def keras_of_labels(self) -> str | Call | None:
        """Return what Keras calls it for examples with several labels each."""
        return None

    @classmethod
    def entry(cls) -> ObjectiveType:
        return super().entry().model_copy(update={"better": cls.better, "share": cls.share})


class Classification(Metric):
    """Base of the metrics of classes."""

    tasks: ClassVar[tuple[Task, ...] | None] = ("classification",)
    better = "higher"
    share = True


class Regression(Metric):
    """Base of the metrics of numbers."""

    tasks: ClassVar[tuple[Task, ...] | None] = ("regression",)
    better = "lower"


def ratio(part: float, whole: float) -> float:
    """Return part / whole; 0 where there is nothing to divide by, as scikit-learn and Keras do."""
    return part / whole if whole else 0.0
