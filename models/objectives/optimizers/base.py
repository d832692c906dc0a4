"""The base of the optimizers: what they have in common, and what they remember.

`models.training.updates` carries their steps out, by the rule that each one names.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import Field

from models.call import Call, call
from models.objectives.base import Contradiction, Declaration

CLIPPING: dict[str, Any] = {"x-section": "Clipping the gradient"}
AVERAGING: dict[str, Any] = {"x-section": "Average of the weights"}
ACCUMULATION: dict[str, Any] = {"x-section": "Gradient accumulation"}
FINE: dict[str, Any] = {"x-section": "Fine points"}
"""The sections of the form that are folded until they are wanted."""
RATE: dict[str, Any] = {"x-range": [1e-5, 1.0]}
"""Learning rates that people usually choose."""


@dataclass(frozen=True)
class Slot:
    """Something that an optimizer remembers of every weight tensor between steps.

    `shape` is the weight's own; or that of its means over axis 1 (rows) or over axis 0 (columns),
    which stays as an axis of size 1; or "scalar", one number for all weights together.
    """

    name: str
    initial: float = 0.0
    shape: Literal["weight", "rows", "columns", "scalar"] = "weight"


@dataclass(frozen=True)
class Kind:
    """What an optimizer may want to know of a weight tensor: its layer's id, and what it is."""

    layer: str
    axes: int
    embedding: bool = False


@dataclass(frozen=True)
class Apart:
    """Weights that an optimizer of printed source is given in a group with an option of its own.

    Attributes:
        layers: parts of the names of layers whose weights are in it.
        embeddings: whether those of embeddings are.
        option: what is true of the group.
        comment: what is told of it.
    """

    layers: tuple[str, ...] = ()
    embeddings: bool = False
    option: str = ""
    comment: str = ""


class Optimizer(Declaration):
    """Base of the optimizers."""

    couples: ClassVar[bool] = False
    """Whether PyTorch's adds the weight decay to the gradient, where it is scaled along with it."""

    learning_rate: float = Field(
        0.001,
        gt=0,
        le=1e6,
        description="How far a step follows the gradient",
        json_schema_extra=RATE,
    )
    weight_decay: float | None = Field(
        None,
        ge=0,
        le=1e6,
        description="Each step also shrinks every weight by this share of the learning rate",
    )
    clipnorm: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Largest norm of the gradient of each weight tensor",
        json_schema_extra=CLIPPING,
    )
    clipvalue: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Largest size of any one number of the gradient",
        json_schema_extra=CLIPPING,
    )
    global_clipnorm: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Largest norm of the whole gradient, all weight tensors together",
        json_schema_extra=CLIPPING,
    )
    use_ema: bool = Field(
        False,
        description="Keep a moving average of every weight, which the trained model then has",
        json_schema_extra=AVERAGING,
    )
    ema_momentum: float = Field(
        0.99, ge=0, le=1, description="How slowly that average forgets", json_schema_extra=AVERAGING
    )
    ema_overwrite_frequency: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        description="After every so many steps the weights are set to their average; "
        "none: only at the end",
        json_schema_extra=AVERAGING,
    )

    gradient_accumulation_steps: int | None = Field(
        None,
        ge=2,
        le=100_000,
        description="So many batches make one step, by the mean of their gradients: a large batch "
        "in the memory of a small one. An epoch's last step takes the batches that are left",
        json_schema_extra=ACCUMULATION,
    )

    def contradiction(self) -> Contradiction | None:
        named = {name: getattr(self, name) for name in ("clipnorm", "clipvalue", "global_clipnorm")}
        first, *more = [name for name, limit in named.items() if limit is not None] or [""]
        if not more:
            return None
        return Contradiction(
            field=more[0],
            expected=f"only one way of clipping the gradient, and {first} is set",
            received=f"{more[0]}={named[more[0]]!r}",
            changes=dict.fromkeys(more),
            title=f"Clip by {first} only",
        )

    def clip(self) -> Call | None:
        """Return the function of `models.training.updates` that clips the gradients, if any."""
        if self.clipnorm is not None:
            return call("clipped_each", limit=float(self.clipnorm))
        if self.clipvalue is not None:
            return call("clamped", limit=float(self.clipvalue))
        return clip_by_norm(self.global_clipnorm)

    def averaging(self) -> Call | None:
        """Return the function of `models.training.updates` that averages the weights, if any."""
        if not self.use_ema:
            return None
        return call(
            "averaged",
            momentum=float(self.ema_momentum),
            frequency=self.ema_overwrite_frequency or 0,
        )

    def memory(self) -> tuple[Slot, ...]:
        """Return what is remembered between steps, in the order in which the rule takes it."""
        raise NotImplementedError(type(self).__name__)

    def keeps(self, slot: Slot, weight: Kind) -> bool:
        """Return whether a slot keeps anything of a weight; where not, its tensor is empty."""
        return True

    def rule(self) -> Call:
        """Return the function of `models.training.updates` that takes a step, with its settings."""
        raise NotImplementedError(type(self).__name__)

    def named(self, rule: str, *fields: str) -> Call:
        """Return a rule with the weight decay and these parameters as its settings."""
        settings = {field: getattr(self, field) for field in fields}
        return Call(rule, (), {"weight_decay": self.weight_decay or 0.0, **settings})

    def keras(self) -> Call:
        """Return Keras's optimizer, with what is not as usual about it."""
        options = {"learning_rate": self.learning_rate, **self.changed()}
        return Call(f"keras.optimizers.{type(self).__name__}", (), options)

    def torch(self) -> Call:
        """Return the nearest optimizer for printed source, less the weights that it is given.

        It is one of `torch.optim`, or of `models.modules` where PyTorch has none.
        """
        raise NotImplementedError(type(self).__name__)

    def apart(self) -> Apart:
        """Return which weights printed source gives to `torch` in a group of their own."""
        return Apart()

    def unlike_torch(self) -> str | None:
        """Return what that optimizer does differently; None where its steps are the same."""
        return None


def clip_by_norm(limit: float | None) -> Call | None:
    """Return the function that clips the gradients by the norm of them all together."""
    return None if limit is None else call("clipped", limit=float(limit))
