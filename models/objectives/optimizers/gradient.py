"""Optimizers that follow the gradient, or a running size of it, each weight by itself."""

from pydantic import Field

from models.call import Call, call
from models.objectives.optimizers.base import FINE, RATE, Optimizer, Slot

COUPLED = "PyTorch adds the weight decay to the gradient, where it is scaled along with it"
EPSILON_OUTSIDE = "PyTorch adds ε to the root, not inside it"


class SGD(Optimizer):
    """Steps straight down the gradient, with momentum if wanted."""

    couples = True
    title = "Gradient descent (SGD)"
    formula = "v ← μ·v − η·∇;  w ← w + v"
    learning_rate: float = Field(
        0.01,
        gt=0,
        le=1e6,
        description="How far a step follows the gradient",
        json_schema_extra=RATE,
    )
    momentum: float = Field(
        0.0, ge=0, le=1, description="Share of the last step that is added to this one"
    )
    nesterov: bool = Field(False, description="Look ahead along the momentum before stepping")

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("momentum"),) if self.momentum else ()

    def rule(self) -> Call:
        return self.named("sgd", "momentum", "nesterov")

    def torch(self) -> Call:
        return call(
            "torch.optim.SGD",
            lr=self.learning_rate,
            momentum=self.momentum,
            nesterov=self.nesterov and self.momentum > 0,
            weight_decay=self.weight_decay or 0.0,
        )

    def unlike_torch(self) -> str | None:
        return COUPLED if self.weight_decay and self.momentum else None


class RMSprop(Optimizer):
    """Divides the gradient by a running root mean square of itself."""

    couples = True
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
        return self.named("rmsprop", "rho", "momentum", "epsilon", "centered")

    def torch(self) -> Call:
        return call(
            "torch.optim.RMSprop",
            lr=self.learning_rate,
            alpha=self.rho,
            eps=self.epsilon,
            weight_decay=self.weight_decay or 0.0,
            momentum=self.momentum,
            centered=self.centered,
        )

    def unlike_torch(self) -> str | None:
        return f"{EPSILON_OUTSIDE}; {COUPLED}" if self.weight_decay else EPSILON_OUTSIDE


class Adagrad(Optimizer):
    """Divides the gradient by the root of all its squares so far: often used weights slow down."""

    couples = True
    title = "Adagrad"
    formula = "v ← v + ∇²;  w ← w − η·∇/√(v + ε)"
    initial_accumulator_value: float = Field(
        0.1, ge=0, le=1e6, description="What the sum of squares begins with"
    )
    epsilon: float = Field(1e-7, gt=0, le=1, description="Keeps the division away from zero")

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("square", self.initial_accumulator_value),)

    def rule(self) -> Call:
        return self.named("adagrad", "epsilon")

    def torch(self) -> Call:
        return call(
            "torch.optim.Adagrad",
            lr=self.learning_rate,
            weight_decay=self.weight_decay or 0.0,
            initial_accumulator_value=self.initial_accumulator_value,
            eps=self.epsilon,
        )

    def unlike_torch(self) -> str | None:
        return f"{EPSILON_OUTSIDE}; {COUPLED}" if self.weight_decay else EPSILON_OUTSIDE


class Adadelta(Optimizer):
    """Adagrad that forgets, and measures its steps by the steps so far; try a rate of 1."""

    couples = True
    title = "Adadelta"
    formula = "δ = √(s + ε)/√(v + ε)·∇;  s ← ρ·s + (1−ρ)δ²;  w ← w − η·δ"
    rho: float = Field(0.95, ge=0, lt=1, description="How slowly the means of squares forget")
    epsilon: float = Field(1e-7, gt=0, le=1, description="Keeps the division away from zero")

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("square"), Slot("moved"))

    def rule(self) -> Call:
        return self.named("adadelta", "rho", "epsilon")

    def torch(self) -> Call:
        return call(
            "torch.optim.Adadelta",
            lr=self.learning_rate,
            rho=self.rho,
            eps=self.epsilon,
            weight_decay=self.weight_decay or 0.0,
        )

    def unlike_torch(self) -> str | None:
        return COUPLED if self.weight_decay else None


class Lion(Optimizer):
    """Steps the same distance for every weight, along the sign of a mean; try a small rate.

    PyTorch has no Lion: printed source brings one along.
    """

    title = "Lion"
    formula = "w ← w − η·sign(β₁m + (1−β₁)∇);  m ← β₂m + (1−β₂)∇"
    beta_1: float = Field(
        0.9, gt=0, le=1, description="Share of the mean in the direction of a step"
    )
    beta_2: float = Field(
        0.99, ge=0, le=1, description="How slowly the mean of the gradients forgets"
    )

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("mean"),)

    def rule(self) -> Call:
        return self.named("lion", "beta_1", "beta_2")

    def torch(self) -> Call:
        return call(
            "Lion",
            lr=self.learning_rate,
            betas=(self.beta_1, self.beta_2),
            weight_decay=self.weight_decay or 0.0,
        )


class Ftrl(Optimizer):
    """Chooses the weight that all gradients so far ask for; for large, sparse inputs.

    PyTorch has no FTRL: printed source brings one along.
    """

    title = "FTRL"
    formula = "w ← (clip(z, −λ₁, λ₁) − z) / (n^½/η + 2λ₂)"
    learning_rate_power: float = Field(
        -0.5, ge=-10, le=0, description="How the rate falls with the sum of squares; 0 keeps it"
    )
    initial_accumulator_value: float = Field(
        0.1, ge=0, le=1e6, description="What the sum of squares begins with"
    )
    l1_regularization_strength: float = Field(
        0.0, ge=0, le=1e6, description="Pulls small weights to exactly 0"
    )
    l2_regularization_strength: float = Field(
        0.0, ge=0, le=1e6, description="Pulls all weights towards 0"
    )
    l2_shrinkage_regularization_strength: float = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Pulls weights towards 0 by way of their gradients",
        json_schema_extra=FINE,
    )
    beta: float = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Makes the first steps smaller",
        json_schema_extra=FINE,
    )

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("square", self.initial_accumulator_value), Slot("linear"))

    def rule(self) -> Call:
        return self.named(
            "ftrl",
            "learning_rate_power",
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
            "beta",
        )

    def torch(self) -> Call:
        return call(
            "Ftrl",
            lr=self.learning_rate,
            power=self.learning_rate_power,
            initial=self.initial_accumulator_value,
            l1=self.l1_regularization_strength,
            l2=self.l2_regularization_strength,
            l2_shrinkage=self.l2_shrinkage_regularization_strength,
            beta=self.beta,
            weight_decay=self.weight_decay or 0.0,
        )
