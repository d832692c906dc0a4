"""Layers that arrange the same numbers in another way."""

from math import prod
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from models.call import Call, call
from models.layers.base import MAX_SIZE, Layer, Misfit, Remedy, Shape, Step, describe, usual


class Arranging(Layer):
    """Base of layers that move numbers and compute none."""

    group = "Reshaping"

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: nothing is computed."""
        return 0


class Flatten(Arranging):
    """Lays all numbers of an example out in one row, as Dense layers want them.

    y[(c · height + r) · width + s] = x[c, r, s]: channel by channel, row by row. Keras has channels
    last; a Permute comes along so that the order stays the same.

    Shapes: (channels, height, width) → (channels · height · width).
    """

    glyph = "Fl"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the flattening, in the order channels, rows, columns."""
        return (Step(call("nn.Flatten")),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the flattening; an image is turned to channels first before, as it is here."""
        return (*channels_to_front(*inputs), call("layers.Flatten"))


def _size_or_rest(size: int) -> int:
    if size == 0:
        raise PydanticCustomError("size_or_rest", "a size from 1, or -1 for what is left")
    return size


class Reshape(Arranging):
    """Lays the numbers of an example out in another shape, without changing their order.

    Axes are in the order in which shapes are shown, channels first: an image of shape (3, 8, 8) is
    read channel by channel, and what has three axes or more is filled channel by channel. Keras has
    channels last; its Permute layers come along so that the numbers stay the same.

    Shapes: any → target_shape, of as many numbers.
    """

    glyph = "Re"
    headline = ("target_shape",)
    required = ("target_shape",)
    example = {"target_shape": [4, 2]}

    target_shape: Annotated[
        tuple[Annotated[int, Field(ge=-1, le=MAX_SIZE), AfterValidator(_size_or_rest)], ...],
        Field(
            strict=False,
            min_length=1,
            max_length=4,
            description="Shape of the output without the batch: (features), (time, features), "
            "(channels, height, width) or (channels, depth, height, width); -1 stands for what is "
            "left",
        ),
    ] = (-1,)

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the flattening of what has several axes, and the new axes."""
        (shape,) = inputs
        return laid_out(shape, self._target(shape))

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the reshaping between layers that turn channels first, and last again."""
        rank = len(self.target_shape)
        after = (call("layers.Permute", (*range(2, rank + 1), 1)),) if inputs and rank > 2 else ()
        return (*channels_to_front(*inputs), self.keras_call(), *after)

    def as_in_keras(self, *inputs: Shape) -> tuple[Layer, ...]:
        """Return the reshaping of what has channels last, with Permutes where they matter."""
        rank, given, target = len(self.target_shape), inputs[0], self.target_shape
        turned = len(given) > 2 and given[0] != 1
        last = (Permute(dims=(*range(2, len(given) + 1), 1)),) if turned else ()
        if rank > 2 and target[-1] == 1:
            return (*last, Reshape(target_shape=(target[-1], *target[:-1])))
        first = (Permute(dims=(rank, *range(1, rank))),) if rank > 2 else ()
        return (*last, self, *first)

    def _target(self, shape: Shape) -> Shape:
        """Return the target shape with its -1 worked out."""
        target, count = self.target_shape, prod(shape)
        known = prod(size for size in target if size > 0)
        if target.count(-1) == 1 and count % known == 0:
            return tuple(count // known if size == -1 else size for size in target)
        if known == count and -1 not in target:
            return target
        better = self._nearest(count)
        raise Misfit(
            "reshape_mismatch",
            f"Expected a target_shape of {count:,} numbers, as many as {describe(shape)} has, with "
            f"-1 at most once, got {target}. Set it to {better}.",
            param="target_shape",
            remedy=Remedy(f"Set target_shape to {better}", {"target_shape": list(better)}),
        )

    def _nearest(self, count: int) -> tuple[int, ...]:
        """Return the target shape with one size left open so that it fits, else a row."""
        sizes = [max(size, 1) for size in self.target_shape]
        for place, size in enumerate(sizes):
            if count % (prod(sizes) // size) == 0:
                return (*sizes[:place], -1, *sizes[place + 1 :])
        return (-1,)


class Permute(Arranging):
    """Puts the axes of an example in another order, such as features and time.

    Axes are counted in the order in which shapes are shown, channels first: 1 the channels of an
    image, 2 its height, 3 its width. In Keras, which has channels last, the same axes bear other
    numbers.

    Shapes: with dims (2, 1): (time, features) → (features, time).
    """

    glyph = "Pe"
    headline = ("dims",)
    required = ("dims",)

    dims: Annotated[
        tuple[Annotated[int, Field(ge=1, le=4)], ...],
        Field(
            strict=False,
            min_length=1,
            max_length=4,
            description="The axes in their new order, counted from 1 without the batch",
        ),
    ] = (2, 1)

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the turning of the axes."""
        (shape,) = inputs
        ranks = range(1, len(shape) + 1)
        if sorted(self.dims) != list(ranks):
            better = (*ranks[:-2], *reversed(ranks[-2:]))
            raise Misfit(
                "dims_mismatch",
                f"Expected each of the axes {', '.join(map(str, ranks))} of {describe(shape)} "
                f"once, got dims {self.dims}. Set dims to {better}.",
                param="dims",
                remedy=Remedy(f"Set dims to {better}", {"dims": list(better)}),
            )
        if self.dims == tuple(ranks):
            return ()
        return (Step(call("Permute", *self.dims)),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the permutation of the same axes where channels are last."""
        rank = len(self.dims)
        if rank < 3:
            return (self.keras_call(),)
        theirs = [rank if axis == 1 else axis - 1 for axis in self.dims]
        return (call("layers.Permute", (*theirs[1:], theirs[0])),)

    def as_in_keras(self, *inputs: Shape) -> tuple[Layer, ...]:
        """Return the permutation of the same axes where channels are first."""
        rank = len(self.dims)
        if rank < 3:
            return (self,)
        *rest, last = (1 if axis == rank else axis + 1 for axis in self.dims)
        return (Permute(dims=(last, *rest)),)


class RepeatVector(Arranging):
    """Repeats a row as a sequence of equal time steps, for recurrent layers to unroll.

    y[t, c] = x[c] for t < n.

    Shapes: (features) → (n, features).
    """

    glyph = "Rv"
    headline = ("n",)
    required = ("n",)

    n: int = Field(
        default=2,
        ge=1,
        le=MAX_SIZE,
        description="Number of time steps",
        json_schema_extra=usual(1, 100),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the repetition."""
        (shape,) = inputs
        if len(shape) != 1:
            raise Misfit(
                "rank_mismatch",
                f"Expected a row, (features), for RepeatVector, got {describe(shape)}. "
                "Insert Flatten before it.",
                remedy=Remedy("Insert Flatten", insert=("Flatten", {})),
            )
        return (Step(call("RepeatVector", self.n)),)


def laid_out(shape: Shape, target: Shape) -> tuple[Step, ...]:
    """Return the steps that lay numbers out in another shape; none where it is the same."""
    if shape == target:
        return ()
    if len(target) == 1:
        return (Step(call("nn.Flatten")),)
    flat = () if len(shape) == 1 else (Step(call("nn.Flatten"), suffix="flatten"),)
    return (*flat, Step(call("nn.Unflatten", 1, target)))


def channels_to_front(*inputs: Shape) -> tuple[Call, ...]:
    """Return the Keras layer that puts channels first, as they are here, where they are not."""
    if not inputs or len(inputs[0]) < 3:
        return ()
    last = len(inputs[0])
    return (call("layers.Permute", (last, *range(1, last))),)


LAYERS = (Flatten, Reshape, Permute, RepeatVector)
