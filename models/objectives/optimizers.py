"""Optimizers: how a gradient changes the weights. Keras's names, parameters, defaults and numbers.

`models.training.updates` carries their steps out, by the rule that each one names.
"""

from pydantic import Field

from models.call import Call, call
from models.objectives.base import Declaration, table


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

    def memory(self) -> tuple[str, ...]:
        """Return the names of what is remembered of every weight between steps."""
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

    def memory(self) -> tuple[str, ...]:
        return ("momentum",) if self.momentum else ()

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

    def memory(self) -> tuple[str, ...]:
        return ("mean", "square", "largest") if self.amsgrad else ("mean", "square")

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

    def memory(self) -> tuple[str, ...]:
        slots = ("square", "momentum") if self.momentum else ("square",)
        return (*slots, "mean") if self.centered else slots

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


OPTIMIZERS: dict[str, type[Optimizer]] = table(SGD, Adam, AdamW, RMSprop)
