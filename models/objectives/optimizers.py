"""Optimizers: how a gradient changes the weights. Keras's names, parameters, defaults and numbers.

`models.training.updates` carries their steps out, by the rule that each one names.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from models.call import Call, call
from models.objectives.base import Contradiction, Declaration, table

ADVANCED: dict[str, Any] = {"x-advanced": True}
"""Marks a parameter that the form shows only on demand."""


@dataclass(frozen=True)
class Slot:
    """Something that an optimizer remembers of every weight tensor between steps.

    `shape` is the weight's own; or that of its means over axis 1 (rows) or over axis 0 (columns),
    which stays as an axis of size 1; or "scalar", one number for all weights together. A weight of
    fewer than two axes has neither rows nor columns: nothing is kept of it there.
    """

    name: str
    initial: float = 0.0
    shape: Literal["weight", "rows", "columns", "scalar"] = "weight"


class Optimizer(Declaration):
    """Base of the optimizers."""

    learning_rate: float = Field(
        0.001, gt=0, le=1e6, description="How far a step follows the gradient"
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
        json_schema_extra=ADVANCED,
    )
    clipvalue: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Largest size of any one number of the gradient",
        json_schema_extra=ADVANCED,
    )
    global_clipnorm: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Largest norm of the whole gradient, all weight tensors together",
        json_schema_extra=ADVANCED,
    )
    use_ema: bool = Field(
        False,
        description="Keep a moving average of every weight, which the trained model then has",
        json_schema_extra=ADVANCED,
    )
    ema_momentum: float = Field(
        0.99, ge=0, le=1, description="How slowly that average forgets", json_schema_extra=ADVANCED
    )
    ema_overwrite_frequency: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        description="After every so many steps the weights are set to their average; "
        "none: only at the end",
        json_schema_extra=ADVANCED,
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

    def rule(self) -> Call:
        """Return the function of `models.training.updates` that takes a step, with its settings."""
        raise NotImplementedError(type(self).__name__)

    def torch(self) -> Call:
        """Return the nearest optimizer of `torch.optim`, for printed source."""
        raise NotImplementedError(type(self).__name__)


class SGD(Optimizer):
    """Steps straight down the gradient, with momentum if wanted."""

    title = "Gradient descent (SGD)"
    formula = "v ← μ·v − η·∇;  w ← w + v"
    learning_rate: float = Field(
        0.01, gt=0, le=1e6, description="How far a step follows the gradient"
    )
    momentum: float = Field(
        0.0, ge=0, le=1, description="Share of the last step that is added to this one"
    )
    nesterov: bool = Field(False, description="Look ahead along the momentum before stepping")

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("momentum"),) if self.momentum else ()

    def rule(self) -> Call:
        return call(
            "sgd",
            weight_decay=float(self.weight_decay or 0.0),
            momentum=float(self.momentum),
            nesterov=self.nesterov,
        )

    def torch(self) -> Call:
        return call(
            "torch.optim.SGD",
            lr=self.learning_rate,
            momentum=self.momentum,
            nesterov=self.nesterov and self.momentum > 0,
        )


class Adam(Optimizer):
    """Gives every weight a step size of its own from the mean and spread of its gradients."""

    title = "Adam"
    formula = "m ← β₁m + (1−β₁)∇;  v ← β₂v + (1−β₂)∇²;  w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε)"
    beta_1: float = Field(
        0.9, ge=0, lt=1, description="How slowly the mean of the gradients forgets"
    )
    beta_2: float = Field(
        0.999, ge=0, lt=1, description="How slowly the mean of their squares forgets"
    )
    epsilon: float = Field(1e-7, gt=0, le=1, description="Keeps the division away from zero")
    amsgrad: bool = Field(False, description="Never let a weight's step size grow again")

    def memory(self) -> tuple[Slot, ...]:
        slots = (Slot("mean"), Slot("square"))
        return (*slots, Slot("largest")) if self.amsgrad else slots

    def rule(self) -> Call:
        return call(
            "adam",
            weight_decay=float(self.weight_decay or 0.0),
            beta_1=float(self.beta_1),
            beta_2=float(self.beta_2),
            epsilon=float(self.epsilon),
            amsgrad=self.amsgrad,
        )

    def torch(self) -> Call:
        return call(
            "torch.optim.AdamW" if self.weight_decay else "torch.optim.Adam",
            lr=self.learning_rate,
            betas=(self.beta_1, self.beta_2),
            eps=self.epsilon,
            weight_decay=self.weight_decay or 0.0,
            amsgrad=self.amsgrad,
        )


class AdamW(Adam):
    """Adam that also lets every weight decay, apart from the gradient."""

    title = "AdamW"
    formula = "w ← w − η·λ·w, then Adam's step"
    weight_decay: float | None = Field(
        0.004,
        ge=0,
        le=1e6,
        description="Each step also shrinks every weight by this share of the learning rate",
    )


class RMSprop(Optimizer):
    """Divides the gradient by a running root mean square of itself."""

    title = "RMSprop"
    formula = "v ← ρ·v + (1−ρ)∇²;  w ← w − η·∇/√(v + ε)"
    rho: float = Field(0.9, ge=0, lt=1, description="How slowly the mean of squares forgets")
    momentum: float = Field(
        0.0, ge=0, le=1, description="Share of the last step that is added to this one"
    )
    epsilon: float = Field(1e-7, gt=0, le=1, description="Keeps the division away from zero")
    centered: bool = Field(
        False, description="Divide by the spread about the mean gradient instead"
    )

    def memory(self) -> tuple[Slot, ...]:
        slots = (Slot("square"), Slot("momentum")) if self.momentum else (Slot("square"),)
        return (*slots, Slot("mean")) if self.centered else slots

    def rule(self) -> Call:
        return call(
            "rmsprop",
            weight_decay=float(self.weight_decay or 0.0),
            rho=float(self.rho),
            momentum=float(self.momentum),
            epsilon=float(self.epsilon),
            centered=self.centered,
        )

    def torch(self) -> Call:
        return call(
            "torch.optim.RMSprop",
            lr=self.learning_rate,
            alpha=self.rho,
            eps=self.epsilon,
            weight_decay=0.0,
            momentum=self.momentum,
            centered=self.centered,
        )


def clip_by_norm(limit: float | None) -> Call | None:
    """Return the function that clips the gradients by the norm of them all together."""
    return None if limit is None else call("clipped", limit=float(limit))


OPTIMIZERS: dict[str, type[Optimizer]] = table(SGD, Adam, AdamW, RMSprop)
