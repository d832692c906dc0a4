"""Layers that keep a network from learning its examples by heart."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from models.call import call
from models.layers.base import SHARED, Layer, Shape, Step, usual
from models.layers.noise_shape import NoiseShape, shared_axes
from models.layers.one_of import MAX_SEED
from models.layers.window import expect_axes

_DROPPED = "Share of inputs that are dropped"
Share = Annotated[float, Field(ge=0, le=1, description=_DROPPED, json_schema_extra=usual(0, 0.9))]
ShareBelowOne = Annotated[
    float, Field(ge=0, lt=1, description=_DROPPED, json_schema_extra=usual(0, 0.9))
]


class Noisy(Layer):
    """Base of the layers that are random in training, and in use do nothing."""

    group = "Regularization"
    passes_mask = True

    seed: int | None = Field(
        default=None,
        ge=0,
        le=MAX_SEED,
        description="Makes this layer draw the same at the same step of every training; none for "
        "the seed of the training itself",
        json_schema_extra={"x-section": SHARED},
    )

    def _options(self) -> dict[str, Any]:
        return {} if self.seed is None else {"seed": self.seed}


class NoiseShaped(Noisy):
    """Base of the layers whose noise can be the same along some axes."""

    noise_shape: NoiseShape = None

    @property
    def sees_batch(self) -> bool:
        """Whether all examples of a batch get the same noise."""
        return self.noise_shape is not None and self.noise_shape[0] == 1

    def _dropout(self, name: str, rate: float, shape: Shape) -> Step:
        """Return torch's dropout, or ours where it is seeded or the same along an axis."""
        options = self._options()
        if shared := shared_axes(self.noise_shape, shape):
            options["shared"] = shared
        return Step(call(name if options else f"nn.{name}", rate, **options))


class Dropout(NoiseShaped):
    """Sets a random share of its inputs to zero in training, so that no unit is relied on alone.

    y = x · m / (1 − rate), where m is 0 with probability rate, else 1: the mean stays. In use it
    does nothing. From Srivastava et al., "Dropout" (2014).

    Shapes: any → the same.
    """

    glyph = "Do"
    headline = ("rate",)
    required = ("rate",)

    rate: Share = 0.5

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the dropout."""
        return (self._dropout("Dropout", self.rate, inputs[0]),)


class AlphaDropout(NoiseShaped):
    """Drops a random share of its inputs in training as suits SELU: mean and variance stay.

    y = a · (x · m + α' · (1 − m)) + b, where m is 0 with probability rate, else 1, α' = −1.758 is
    the lowest value of SELU, a = ((1 − rate) · (1 + rate · α'²))^−½ and b = −a · α' · rate. In use
    it does nothing. From Klambauer et al., "Self-normalizing neural networks" (2017).

    Shapes: any → the same.
    """

    glyph = "αD"
    headline = ("rate",)
    required = ("rate",)

    rate: ShareBelowOne = 0.5

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the dropout."""
        return (self._dropout("AlphaDropout", self.rate, inputs[0]),)


class _SpatialDropout(Noisy):
    """Base of the layers that drop whole channels, over `rank` axes."""

    headline = ("rate",)
    required = ("rate",)
    rank: ClassVar[int]

    rate: Share = 0.5

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return torch's dropout of channels; ours where it is seeded or the time comes first."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        options = self._options()
        if not options and self.rank > 1:
            return (Step(call(f"nn.Dropout{self.rank}d", self.rate)),)
        options["shared"] = tuple(range(2, self.rank + 2)) if self.rank > 1 else (1,)
        return (Step(call("Dropout", self.rate, **options)),)


class SpatialDropout1D(_SpatialDropout):
    """Drops a random share of the features in training, each at all time steps.

    y = x · m / (1 − rate), where m is 0 with probability rate, else 1, for each example and
    feature. In use it does nothing. From Tompson et al., "Efficient object localization" (2015).

    Shapes: (time, features) → the same.
    """

    glyph = "S1"
    rank = 1


class SpatialDropout2D(_SpatialDropout):
    """Drops a random share of the channels of images in training, each at all pixels.

    y = x · m / (1 − rate), where m is 0 with probability rate, else 1, for each example and
    channel. In use it does nothing. From Tompson et al., "Efficient object localization" (2015).

    Shapes: (channels, height, width) → the same.
    """

    glyph = "S2"
    rank = 2


class SpatialDropout3D(_SpatialDropout):
    """Drops a random share of the channels of volumes in training, each at all places.

    y = x · m / (1 − rate), where m is 0 with probability rate, else 1, for each example and
    channel. In use it does nothing. From Tompson et al., "Efficient object localization" (2015).

    Shapes: (channels, depth, height, width) → the same.
    """

    glyph = "S3"
    rank = 3


class GaussianDropout(Noisy):
    """Multiplies its inputs by random numbers around 1 in training, which spread as dropout's do.

    y = x · n, where n is drawn from a normal distribution of mean 1 and standard deviation
    √(rate / (1 − rate)). In use it does nothing. From Srivastava et al., "Dropout" (2014).

    Shapes: any → the same.
    """

    glyph = "GD"
    headline = ("rate",)
    required = ("rate",)

    rate: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            description="The share that dropout of the same spread would drop",
            json_schema_extra=usual(0, 0.9),
        ),
    ] = 0.5

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the noise."""
        return (Step(call("GaussianDropout", self.rate, **self._options())),)


class GaussianNoise(Noisy):
    """Adds random numbers around 0 to its inputs in training, so that small changes do not count.

    y = x + n, where n is drawn from a normal distribution of mean 0. In use it does nothing.

    Shapes: any → the same.
    """

    glyph = "Nz"
    headline = ("stddev",)
    required = ("stddev",)

    stddev: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="Standard deviation of what is added",
        json_schema_extra=usual(0, 1),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the noise."""
        return (Step(call("GaussianNoise", self.stddev, **self._options())),)


class ActivityRegularization(Layer):
    """Passes its input on unchanged, and adds a penalty on its size to the loss.

    penalty = (l1 · Σ |x| + l2 · Σ x²) / rows of the batch.

    Shapes: any → the same.
    """

    group = "Regularization"
    glyph = "AR"
    headline = ("l1", "l2")
    passes_mask = True

    l1: float = Field(
        default=0.0,
        ge=0,
        le=1e6,
        description="Factor of the sum of absolute values",
        json_schema_extra=usual(0, 0.1),
    )
    l2: float = Field(
        default=0.0,
        ge=0,
        le=1e6,
        description="Factor of the sum of squares",
        json_schema_extra=usual(0, 0.1),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return what takes note of the input; nothing without a penalty."""
        factors = {name: value for name in ("l1", "l2") if (value := getattr(self, name))}
        return (Step(call("ActivityPenalty", **factors), observer=""),) if factors else ()


LAYERS = (
    Dropout,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
    AlphaDropout,
    GaussianDropout,
    GaussianNoise,
    ActivityRegularization,
)
