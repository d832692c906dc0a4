"""Optimizers that follow a mean of the gradients: Adam and those that came after it."""

from pydantic import Field

from models.call import Call, call
from models.objectives.optimizers.base import FINE, Apart, Kind, Optimizer, Slot
from models.objectives.optimizers.gradient import COUPLED


class _Means(Optimizer):
    """Base of the optimizers with a mean of the gradients and one of their size."""

    beta_1: float = Field(
        0.9, ge=0, lt=1, description="How slowly the mean of the gradients forgets"
    )
    beta_2: float = Field(
        0.999, ge=0, lt=1, description="How slowly the mean of their squares forgets"
    )
    epsilon: float = Field(1e-7, gt=0, le=1, description="Keeps the division away from zero")

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("mean"), Slot("square"))

    def common(self) -> dict[str, object]:
        """Return the arguments that PyTorch's optimizers of this kind have in common."""
        return {
            "lr": self.learning_rate,
            "betas": (self.beta_1, self.beta_2),
            "eps": self.epsilon,
            "weight_decay": self.weight_decay or 0.0,
        }


class Adam(_Means):
    """Gives every weight a step size of its own from the mean and spread of its gradients."""

    title = "Adam"
    formula = "m ← β₁m + (1−β₁)∇;  v ← β₂v + (1−β₂)∇²;  w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε)"
    amsgrad: bool = Field(False, description="Never let a weight's step size grow again")

    def memory(self) -> tuple[Slot, ...]:
        return (*super().memory(), Slot("largest")) if self.amsgrad else super().memory()

    def rule(self) -> Call:
        return self.named("adam", "beta_1", "beta_2", "epsilon", "amsgrad")

    def torch(self) -> Call:
        name = "torch.optim.AdamW" if self.weight_decay else "torch.optim.Adam"
        return call(name, **self.common(), amsgrad=self.amsgrad)

    def unlike_torch(self) -> str | None:
        return "PyTorch adds ε after correcting the mean of squares for its start, not before"


class AdamW(Adam):
    """Adam that also lets every weight decay, apart from the gradient."""

    title = "AdamW"
    formula = "w ← w − η·λ·w, then Adam's step"
    weight_decay: float = Field(  # pyright: ignore[reportIncompatibleVariableOverride]
        0.004,
        ge=0,
        le=1e6,
        description="Each step also shrinks every weight by this share of the learning rate",
    )


class Adamax(_Means):
    """Adam that divides by the largest recent gradient instead of a mean: steady where it jumps."""

    couples = True
    title = "Adamax"
    formula = "u ← max(β₂u, |∇|);  w ← w − η/(1−β₁ᵗ)·m/(u + ε)"

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("mean"), Slot("largest"))

    def rule(self) -> Call:
        return self.named("adamax", "beta_1", "beta_2", "epsilon")

    def torch(self) -> Call:
        return call("torch.optim.Adamax", **self.common())

    def unlike_torch(self) -> str | None:
        differs = "PyTorch adds ε to each gradient's size, not to the largest"
        return f"{differs}; {COUPLED}" if self.weight_decay else differs


class Nadam(_Means):
    """Adam that looks ahead along its momentum before stepping."""

    title = "Nadam"
    formula = "w ← w − η·(μₜ₊₁m/(1−Πμ) + (1−μₜ)∇/(1−Πμ))/(√v̂ + ε);  μₜ = β₁(1 − ½·0.96ᵗ)"

    def memory(self) -> tuple[Slot, ...]:
        return (*super().memory(), Slot("product", 1.0, "scalar"))

    def rule(self) -> Call:
        return self.named("nadam", "beta_1", "beta_2", "epsilon")

    def torch(self) -> Call:
        return call(
            "torch.optim.NAdam",
            **self.common(),
            momentum_decay=1.0,
            decoupled_weight_decay=True,
        )


class Lamb(_Means):
    """Adam's step, made as long as the layer's weights are large: for very large batches.

    PyTorch has no LAMB: printed source brings one along.
    """

    title = "LAMB"
    formula = "w ← w − η·‖w‖/‖s‖·s,  s being Adam's step"

    def rule(self) -> Call:
        return self.named("lamb", "beta_1", "beta_2", "epsilon")

    def torch(self) -> Call:
        return call("Lamb", **self.common())


class Adafactor(Optimizer):
    """Adam with little memory: of a matrix it remembers only means over its rows and columns.

    The learning rate is the highest one: it falls with the root of the steps, and each weight
    tensor's step is in proportion to its size. Keras's `relative_step` changes nothing about that.
    For a threshold below 1, which PyTorch's refuses, printed source brings one along.
    """

    title = "Adafactor"
    formula = "v̂ = r·c / mean(r);  w ← w − max(ε₂, rms(w))·min(η, 1/√t)·clip(∇/√v̂)"
    beta_2_decay: float = Field(
        -0.8, ge=-10, lt=0, description="How the mean of squares forgets more slowly with time"
    )
    epsilon_1: float = Field(
        1e-30,
        ge=0,
        le=1,
        description="Is added to each squared gradient",
        json_schema_extra=FINE,
    )
    epsilon_2: float = Field(
        1e-3, ge=0, le=1, description="The smallest size that a weight tensor counts with"
    )
    clip_threshold: float = Field(
        1.0, gt=0, le=1e6, description="The largest root mean square of a step"
    )

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("rows", shape="rows"), Slot("columns", shape="columns"), Slot("square"))

    def keeps(self, slot: Slot, weight: Kind) -> bool:
        return (slot.shape == "weight") == (weight.axes < 2)

    def rule(self) -> Call:
        fields = ("beta_2_decay", "epsilon_1", "epsilon_2", "clip_threshold")
        return self.named("adafactor", *fields)

    def torch(self) -> Call:
        return call(
            "torch.optim.Adafactor" if self._in_torch else "Adafactor",
            lr=self.learning_rate,
            beta2_decay=self.beta_2_decay,
            eps=(self.epsilon_1, self.epsilon_2),
            d=float(self.clip_threshold),
            weight_decay=self.weight_decay or 0.0,
        )

    def unlike_torch(self) -> str | None:
        if not self._in_torch:
            return None
        return (
            "PyTorch takes the rows and columns of a kernel's last two axes, and ε₁ as the "
            "smallest mean of squares"
        )

    @property
    def _in_torch(self) -> bool:
        # PyTorch's takes no smaller threshold.
        return self.clip_threshold >= 1


class Muon(Optimizer):
    """Steps along the nearest orthogonal matrix, so that every direction of a layer learns alike.

    What is no matrix, and embeddings, take AdamW's steps. PyTorch's own Muon takes matrices only:
    printed source brings one along that takes both.
    """

    title = "Muon"
    formula = "m ← μ·m + ∇;  w ← w − η·0.2·√max(n, k)·orthogonal(∇ + μ·m)"
    weight_decay: float | None = Field(
        0.004,
        ge=0,
        le=1e6,
        description="Each step also shrinks every weight by this share of the learning rate",
    )
    adam_weight_decay: float | None = Field(
        0.004, ge=0, le=1e6, description="The same for the weights that take AdamW's steps"
    )
    momentum: float = Field(0.95, ge=0, lt=1, description="How slowly the sum of gradients forgets")
    nesterov: bool = Field(True, description="Look ahead along the momentum before stepping")
    exclude_layers: list[str] = Field(
        [],
        max_length=1_000,
        description="Layers that take AdamW's steps: parts of their names, such as the output's",
    )
    exclude_embeddings: bool = Field(True, description="Embeddings take AdamW's steps")
    adam_beta_1: float = Field(
        0.9,
        ge=0,
        lt=1,
        description="AdamW: how slowly the mean of the gradients forgets",
        json_schema_extra=FINE,
    )
    adam_beta_2: float = Field(
        0.999,
        ge=0,
        lt=1,
        description="AdamW: how slowly the mean of their squares forgets",
        json_schema_extra=FINE,
    )
    epsilon: float = Field(
        1e-7,
        gt=0,
        le=1,
        description="AdamW: keeps the division away from zero",
        json_schema_extra=FINE,
    )
    adam_lr_ratio: float = Field(
        1.0,
        gt=0,
        le=1e6,
        description="AdamW: its learning rate in proportion to the other one",
        json_schema_extra=FINE,
    )
    ns_steps: int = Field(
        5, ge=1, le=100, description="Rounds of finding the matrix", json_schema_extra=FINE
    )
    muon_a: float = Field(
        3.4445,
        ge=-100,
        le=100,
        description="First coefficient of a round",
        json_schema_extra=FINE,
    )
    muon_b: float = Field(
        -4.775,
        ge=-100,
        le=100,
        description="Second coefficient of a round",
        json_schema_extra=FINE,
    )
    muon_c: float = Field(
        2.0315,
        ge=-100,
        le=100,
        description="Third coefficient of a round",
        json_schema_extra=FINE,
    )
    rms_rate: float | None = Field(
        0.2,
        gt=0,
        le=1e6,
        description="Makes steps as long as AdamW's; none leaves them as they are",
        json_schema_extra=FINE,
    )

    def memory(self) -> tuple[Slot, ...]:
        return (Slot("mean"), Slot("square"))

    def keeps(self, slot: Slot, weight: Kind) -> bool:
        return slot.name == "mean" or self._by_adam(weight)

    def _by_adam(self, weight: Kind) -> bool:
        excluded = any(part in weight.layer for part in self.exclude_layers)
        return weight.axes != 2 or (weight.embedding and self.exclude_embeddings) or excluded

    def rule(self) -> Call:
        return call(
            "muon",
            weight_decay=self.weight_decay or 0.0,
            adam_weight_decay=self.adam_weight_decay or 0.0,
            **self._settings(),
        )

    def torch(self) -> Call:
        return call(
            "Muon",
            lr=self.learning_rate,
            weight_decay=self.weight_decay or 0.0,
            adam_weight_decay=self.adam_weight_decay or 0.0,
            **self._settings(),
        )

    def _settings(self) -> dict[str, object]:
        return {
            "adam_beta_1": self.adam_beta_1,
            "adam_beta_2": self.adam_beta_2,
            "epsilon": self.epsilon,
            "adam_lr_ratio": self.adam_lr_ratio,
            "muon_a": self.muon_a,
            "muon_b": self.muon_b,
            "muon_c": self.muon_c,
            "momentum": self.momentum,
            "ns_steps": self.ns_steps,
            "nesterov": self.nesterov,
            "rms_rate": self.rms_rate or 0.0,
        }

    def apart(self) -> Apart:
        told = "Matrices that take AdamW's steps"
        return Apart(tuple(self.exclude_layers), self.exclude_embeddings, "adam", told)
