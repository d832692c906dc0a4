"""Sums of products of two inputs."""

from typing import Annotated

from pydantic import Field

from models.call import call
from models.layers.axes import position
from models.layers.base import Layer, Misfit, Remedy, Shape, Step, channels_last
from models.layers.sizes import Size, Sizes, per_axis

_OTHERS = ("cdefgh", "ijklmn")


class Dot(Layer):
    """Multiplies the vectors of two inputs with each other: how well each fits each.

    z = Σᵢ xᵢ · yᵢ along one axis of each, for all pairs of their other places; with normalize the
    cosine of the angle between the vectors, Σᵢ xᵢ · yᵢ / (‖x‖ · ‖y‖).

    Shapes: (a, n), (b, n) → (a, b); (n), (n) → (1). The axes of the first come before those of the
    second, as Keras has them with channels last.
    """

    group = "Merging"
    glyph = "·"
    headline = ("axes",)
    arity = (2, 2)
    required = ("axes",)

    axes: Annotated[Size, Sizes("first", "second", least=-8, most=7)] = Field(
        default=-1,
        description="Along which axis of both, or of the first and the second, counted as Keras "
        "does with channels last: -1 the features or channels, 1 the time or height",
    )
    normalize: bool = Field(
        default=False, description="Scale the vectors to length 1 before: their cosine"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the sums of products as einsum's equation."""
        places = self._places(inputs)
        letters = []
        for shape, place, others in zip(inputs, places, _OTHERS, strict=True):
            own = list(others[: len(shape) - 1])
            own.insert(_in_keras(place, len(shape)), "s")
            letters.append("".join(own))
        first, second = letters
        kept = first.replace("s", "") + second.replace("s", "")
        equation = f"b{_channels_first(first)},b{_channels_first(second)}->b{_channels_first(kept)}"
        options = {"normalized": places} if self.normalize else {}
        return (Step(call("batch_dot", equation, **options), kind="function"),)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return a multiplication and an addition for each pair of numbers."""
        count = 2 * inputs[0][self._places(inputs)[0] - 1]
        for size in output:
            count *= size
        return count

    def _places(self, inputs: tuple[Shape, ...]) -> tuple[int, ...]:
        """Return where we have the axes, with the batch's.

        Raises:
            Misfit: when an input lacks its axis, or their sizes differ.
        """
        axes = per_axis(self.axes, 2)
        places = tuple(
            position(axis, shape, "axes") for axis, shape in zip(axes, inputs, strict=True)
        )
        sizes = [shape[place - 1] for shape, place in zip(inputs, places, strict=True)]
        if sizes[0] != sizes[1]:
            raise Misfit(
                "shape_mismatch",
                f"Expected inputs of one size along axes {self.axes}, got {sizes[0]:,} in "
                f"{inputs[0]} and {sizes[1]:,} in {inputs[1]}. Choose other axes, or give the "
                "branches the same number of units.",
                param="axes",
                remedy=_fitting(inputs),
            )
        return places


def _fitting(inputs: tuple[Shape, ...]) -> Remedy | None:
    """Return axes of one size, if there are some: rather the same, rather the last."""
    first, second = map(channels_last, inputs)
    pairs = [(a, b) for a in range(len(first), 0, -1) for b in range(len(second), 0, -1)]
    pairs.sort(key=lambda pair: pair[0] != pair[1])
    for one, other in pairs:
        if first[one - 1] == second[other - 1]:
            axes = one if one == other else [one, other]
            return Remedy(f"Set axes to {axes}", {"axes": axes})
    return None


def _in_keras(place: int, rank: int) -> int:
    """Return the index, without the batch, that Keras has for our axis with the batch."""
    if rank < 3:
        return place - 1
    return rank - 1 if place == 1 else place - 2


def _channels_first(letters: str) -> str:
    return letters[-1] + letters[:-1] if len(letters) > 2 else letters


LAYERS = (Dot,)
