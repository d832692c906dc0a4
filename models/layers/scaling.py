"""Layers that bring the numbers of the data to a scale, by constants that are given."""

from typing import Any

from pydantic import Field

from models.call import Call, call
from models.layers.axes import Axes, each, position
from models.layers.base import (
    Layer,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    features,
    features_axis,
    presets,
)
from models.layers.numbers import FromZero, Numbers, count


class Rescaling(Layer):
    """Multiplies all numbers by a scale and adds an offset: pixels from 0 to 255 become 0 to 1.

    y = x · scale + offset, with one number for all, or one for each feature or channel.

    Shapes: any → the same.
    """

    group = "Core"
    glyph = "Rs"
    headline = ("scale", "offset")
    required = ("scale",)
    passes_mask = True

    scale: Numbers = Field(
        default=1 / 255,
        description="Factor of all numbers, or a list of one for each feature or channel",
        json_schema_extra=presets(**{"255 → 1": 1 / 255, "255 → 2": 1 / 127.5}),
    )
    offset: Numbers = Field(
        default=0.0,
        description="Added to all numbers, or a list of one for each feature or channel",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module."""
        (shape,) = inputs
        for name in ("scale", "offset"):
            _expect_count({name: getattr(self, name)}, features(shape), shape)
        options: dict[str, Any] = {} if self.offset == 0 else {"offset": self.offset}
        if count(self.scale) or count(self.offset):
            options |= _after(shape, features_axis(shape))
        return (Step(call("Rescaling", self.scale, **options)),)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return a multiplication and an addition for each number."""
        return 2 * super().operations(inputs, output)


class Normalization(Layer):
    """Shifts and scales numbers by a mean and a variance that are given, such as those of the data.

    y = (x − mean) / √variance; with invert y = x · √variance + mean. Nothing is learned: in Keras
    `adapt` works mean and variance out from data, here the preparation of the data standardises it
    already, by its training rows. Without mean and variance the layer changes nothing.

    Shapes: any → the same.
    """

    group = "Core"
    glyph = "No"
    headline = ("axis", "invert")
    example = {"mean": 3.0, "variance": 4.0}
    passes_mask = True

    axis: Axes | None = Field(
        default=-1,
        description="Axes whose places have means and variances of their own, counted as Keras "
        "does with channels last: -1 the features or channels; none for one of all numbers. A list "
        "of means goes along the last of them",
    )
    mean: Numbers | None = Field(
        default=None,
        description="Subtracted: one mean for all places, or a list of one for each. The "
        "preparation of the data, not this layer, works out means from data",
    )
    variance: FromZero | None = Field(
        default=None,
        description="Its square root divides: one variance for all places, or a list of one for "
        "each. The preparation of the data, not this layer, works out variances from data",
    )
    invert: bool = Field(
        default=False, description="Do the opposite: bring standardised numbers back to the scale"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module; nothing without mean and variance."""
        (shape,) = inputs
        places = [position(axis, shape) for axis in ([] if self.axis is None else each(self.axis))]
        if self.mean is None and self.variance is None:
            return ()
        self._expect_pair()
        options: dict[str, Any] = {"invert": True} if self.invert else {}
        if count(self.mean):
            last = self._listed_along(places, shape)
            moments = {"mean": self.mean, "variance": self.variance}
            _expect_count(moments, shape[last - 1], shape)
            options |= _after(shape, last)
        return (Step(call("Normalization", self.mean, self.variance, **options)),)

    def advice(self, *inputs: Shape) -> Misfit | None:
        """Tell that without mean and variance nothing happens."""
        if self.mean is not None or self.variance is not None:
            return None
        return Misfit(
            "nothing_to_do",
            "Expected mean and variance for Normalization, which changes nothing without them. "
            "Give them, or leave the layer out: the preparation of the data standardises columns "
            "already.",
            param="mean",
        )

    def keras_call(self) -> Call:
        """Return the Keras layer; without mean and variance one that need not be adapted."""
        made = super().keras_call()
        if self.mean is None and self.variance is None:
            return Call(made.name, made.args, {**made.kwargs, "mean": 0.0, "variance": 1.0})
        return made

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return a subtraction and a division for each number."""
        return 2 * super().operations(inputs, output)

    def _expect_pair(self) -> None:
        """Raise a Misfit unless mean and variance are both given, with as many numbers."""
        if self.mean is None or self.variance is None:
            missing, given = ("mean", "variance") if self.mean is None else ("variance", "mean")
            neutral = 0.0 if missing == "mean" else 1.0
            numbers = count(getattr(self, given))
            raise Misfit(
                "missing_moment",
                f"Expected mean and variance together, got only {given}. Give {missing} too.",
                param=missing,
                remedy=Remedy(
                    f"Set {missing} to {neutral:g}",
                    {missing: [neutral] * numbers if numbers else neutral},
                ),
            )
        if count(self.mean) != count(self.variance):
            raise Misfit(
                "moments_mismatch",
                f"Expected as many variances as means, got {_told(self.mean)} for mean and "
                f"{_told(self.variance)} for variance. Give one of each for each place.",
                param="variance",
                remedy=self._repeated(),
            )

    def _repeated(self) -> Remedy | None:
        """Return what repeats the one of mean and variance that is a number alone."""
        numbers = max(count(self.mean), count(self.variance))
        for name in ("mean", "variance"):
            value = getattr(self, name)
            if not count(value):
                return Remedy(f"Repeat {name} {numbers} times", {name: [value] * numbers})
        return None

    def _listed_along(self, places: list[int], shape: Shape) -> int:
        """Return our position of the axis that lists go along: Keras's last."""
        if not places:
            raise Misfit(
                "axis_mismatch",
                f"Expected an axis for a list of means, got none. Set axis to -1, the features of "
                f"{describe(shape)}.",
                param="axis",
                remedy=Remedy("Set axis to -1", {"axis": -1}),
            )
        # In Keras the channels come last.
        return 1 if len(shape) > 2 and 1 in places else max(places)


def _expect_count(lists: dict[str, Any], size: int, shape: Shape) -> None:
    """Raise a Misfit unless there is one number, or this many, in lists of the same length."""
    name, numbers = next(iter(lists.items()))
    if (found := count(numbers)) not in (0, 1, size):
        raise Misfit(
            "numbers_mismatch",
            f"Expected one number or {size:,} for {name}, one for each of the places of "
            f"{describe(shape)}, got {found:,}. Give one number for all or a list of {size:,}.",
            param=name,
            remedy=Remedy(
                f"Use {numbers[0]:g} for all", {name: every[0] for name, every in lists.items()}
            ),
        )


def _after(shape: Shape, axis: int) -> dict[str, int]:
    """Return how many axes come after one, if there are some."""
    after = len(shape) - axis
    return {"after": after} if after else {}


def _told(numbers: Any) -> str:
    return f"a list of {count(numbers):,}" if count(numbers) else "one number"


LAYERS = (Rescaling, Normalization)
