"""Initializers: how a layer's weights begin. Keras's names, parameters and distributions."""

from math import sqrt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.call import Call, call
from models.layers.one_of import MAX_SEED, OneOf, Part

Fans = tuple[int, int]
"""How many numbers come into a unit, and how many units each number goes to."""


class Initializer(Part):
    """Base of the initializers."""

    room = "initializers"
    scaled: ClassVar[bool] = False
    """Whether the values depend on the fans."""

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return the call that fills a tensor of torch's layout, (outputs, inputs, …), in place.

        Args:
            fans: where they are not those that torch reads off the tensor's shape.
            number: of the tensor, where Keras has several of ours as one.
        """
        raise NotImplementedError

    def keras(self) -> str | Call:
        """Return its name, or, when it has parameters, the call that makes it."""
        return super().keras() if self.changed() else self.name


class Zeros(Initializer):
    """All zero: right for biases; for weights every unit would stay the same."""

    title = "Zeros"
    formula = "0"

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        return call("nn.init.zeros_")


class Ones(Initializer):
    """All one."""

    title = "Ones"
    formula = "1"

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        return call("nn.init.ones_")


class Constant(Initializer):
    """All the same number."""

    title = "Constant"
    formula = "value"
    example = {"value": 0.1}

    value: float = Field(default=0.0, ge=-1e6, le=1e6, description="The number")

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        return call("nn.init.constant_", self.value)

    def keras(self) -> Call:
        """Return the call: Keras cannot make one from its name alone."""
        return call("initializers.Constant", self.value)


class Identity(Initializer):
    """Each output begins as the input of the same place; for matrices only."""

    title = "Identity"
    formula = "gain · I"
    ranks = (2, 2)

    gain: float = Field(default=1.0, ge=-1e6, le=1e6, description="What the matrix is scaled by")

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function; one of our own where the matrix is scaled."""
        return call("nn.init.eye_") if self.gain == 1 else call("identity_", gain=self.gain)


Seed = Annotated[
    int | None,
    Field(
        ge=0,
        le=MAX_SEED,
        description="Gives the same numbers every time, whatever the seed of the training; "
        "without one they follow from that",
    ),
]


def _generator(seed: int | None, number: int) -> dict[str, Call]:
    """Return the generator argument, if there is a seed; each further tensor has the next one."""
    return {} if seed is None else {"generator": call("seeded", seed + number)}


class RandomNormal(Initializer):
    """Random numbers around a mean, bell-shaped."""

    title = "Normal"
    formula = "N(mean, stddev²)"

    mean: float = Field(default=0.0, ge=-1e6, le=1e6, description="Mean of the numbers")
    stddev: float = Field(
        default=0.05, ge=0, le=1e6, description="Standard deviation of the numbers"
    )
    seed: Seed = None

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        mean = {"mean": self.mean} if self.mean else {}
        return call("nn.init.normal_", **mean, std=self.stddev, **_generator(self.seed, number))


class RandomUniform(Initializer):
    """Random numbers between two ends, all equally likely."""

    title = "Uniform"
    formula = "U(minval, maxval)"
    in_order = ("minval", "maxval")

    minval: float = Field(default=-0.05, ge=-1e6, le=1e6, description="The smallest number")
    maxval: float = Field(default=0.05, ge=-1e6, le=1e6, description="The largest number")
    seed: Seed = None

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        ends = {"a": self.minval, "b": self.maxval}
        return call("nn.init.uniform_", **ends, **_generator(self.seed, number))


class TruncatedNormal(Initializer):
    """Random numbers around a mean, none further than two standard deviations away."""

    title = "Truncated normal"
    formula = "N(mean, stddev²) cut at mean ± 2·stddev"

    mean: float = Field(default=0.0, ge=-1e6, le=1e6, description="Mean of the numbers")
    stddev: float = Field(
        default=0.05, gt=0, le=1e6, description="Standard deviation before the cut"
    )
    seed: Seed = None

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        mean = {"mean": self.mean} if self.mean else {}
        ends = {"a": self.mean - 2 * self.stddev, "b": self.mean + 2 * self.stddev}
        return call(
            "nn.init.trunc_normal_",
            **mean,
            std=self.stddev,
            **ends,
            **_generator(self.seed, number),
        )


class _Scaled(Initializer):
    """Numbers whose variance suits the layer's size: scale divided by a fan."""

    scaled = True
    _variance: ClassVar[tuple[float, str, str]]
    """scale, mode and distribution, as in VarianceScaling."""
    _torch: ClassVar[Call | None] = None
    """Torch's own function for it, which reads the fans off the tensor."""

    seed: Seed = None

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function where it has one, else our own."""
        seeded = _generator(self.seed, number)
        if self._torch is not None and fans is None:
            return Call(self._torch.name, self._torch.args, {**self._torch.kwargs, **seeded})
        return _scaled(*self._variance, fans, seeded)


def _scaled(
    scale: float, mode: str, distribution: str, fans: Fans | None, seeded: dict[str, Call]
) -> Call:
    options: dict[str, Any] = {} if scale == 1 else {"scale": scale}
    if mode != "fan_in":
        options["mode"] = mode
    if distribution != "truncated_normal":
        options["distribution"] = distribution
    if fans is not None:
        options["fans"] = fans
    return call("scaled_", **options, **seeded)


class GlorotUniform(_Scaled):
    """Keeps the variance of activations and gradients alike; made for tanh and sigmoid."""

    title = "Glorot (Xavier) uniform"
    formula = "U(−a, a), a = √(6 / (fan_in + fan_out))"
    _variance = (1.0, "fan_avg", "uniform")
    _torch = call("nn.init.xavier_uniform_")


class GlorotNormal(_Scaled):
    """As Glorot uniform, drawn from a normal distribution cut off at two deviations."""

    title = "Glorot (Xavier) normal"
    formula = "N(0, σ²) cut at ±2σ, variance 2 / (fan_in + fan_out)"
    _variance = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Scaled):
    """Keeps the variance of activations through layers of ReLU."""

    title = "He uniform"
    formula = "U(−a, a), a = √(6 / fan_in)"
    _variance = (2.0, "fan_in", "uniform")
    _torch = call("nn.init.kaiming_uniform_", nonlinearity="relu")


class HeNormal(_Scaled):
    """As He uniform, drawn from a normal distribution cut off at two deviations."""

    title = "He normal"
    formula = "N(0, σ²) cut at ±2σ, variance 2 / fan_in"
    _variance = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Scaled):
    """Keeps the variance of activations through linear layers; goes with SELU."""

    title = "LeCun uniform"
    formula = "U(−a, a), a = √(3 / fan_in)"
    _variance = (1.0, "fan_in", "uniform")
    _torch = call("nn.init.kaiming_uniform_", nonlinearity="linear")


class LecunNormal(_Scaled):
    """As LeCun uniform, drawn from a normal distribution cut off at two deviations."""

    title = "LeCun normal"
    formula = "N(0, σ²) cut at ±2σ, variance 1 / fan_in"
    _variance = (1.0, "fan_in", "truncated_normal")


class VarianceScaling(Initializer):
    """Random numbers whose variance suits the layer's size, of which the others are examples."""

    title = "Variance scaling"
    formula = "variance = scale / fan"
    scaled = True

    scale: float = Field(default=1.0, gt=0, le=1e6, description="What the variance is scaled by")
    mode: Literal["fan_in", "fan_out", "fan_avg"] = Field(
        default="fan_in",
        description="What it is divided by: the number of inputs of a unit, the number of outputs "
        "of an input, or the mean of both",
    )
    distribution: Literal["truncated_normal", "untruncated_normal", "uniform"] = Field(
        default="truncated_normal", description="What the numbers are drawn from"
    )
    seed: Seed = None

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return our own function."""
        seeded = _generator(self.seed, number)
        return _scaled(self.scale, self.mode, self.distribution, fans, seeded)


class Orthogonal(Initializer):
    """A random orthogonal matrix: keeps lengths, which helps recurrent layers."""

    title = "Orthogonal"
    formula = "gain · Q, QᵀQ = I"
    ranks = (2, None)

    gain: float = Field(
        default=1.0,
        ge=-1e6,
        le=1e6,
        description=f"What the matrix is scaled by, such as {sqrt(2):.4f} before a ReLU",
    )
    seed: Seed = None

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return torch's function."""
        gain = {} if self.gain == 1 else {"gain": self.gain}
        return call("nn.init.orthogonal_", **gain, **_generator(self.seed, number))


INITIALIZERS: dict[str, type[Initializer]] = {
    kind.name: kind
    for kind in (
        GlorotUniform,
        GlorotNormal,
        HeUniform,
        HeNormal,
        LecunUniform,
        LecunNormal,
        VarianceScaling,
        Orthogonal,
        Identity,
        RandomUniform,
        RandomNormal,
        TruncatedNormal,
        Constant,
        Zeros,
        Ones,
    )
}
_OF_VECTORS = {name: kind for name, kind in INITIALIZERS.items() if kind.ranks[0] == 1}

KernelInitializer = Annotated[Initializer, OneOf(INITIALIZERS, "initializers")]
BiasInitializer = Annotated[Initializer, OneOf(_OF_VECTORS, "initializers")]
