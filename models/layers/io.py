"""Where data enters a network and where its answer leaves."""

from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.call import Call, call
from models.layers.base import (
    MAX_SIZE,
    Layer,
    Misfit,
    Remedy,
    Role,
    Shape,
    Step,
    channels_last,
    usual,
)
from models.layers.reshaping import laid_out

Dimension = Annotated[int, Field(ge=1, le=MAX_SIZE)]
ColumnName = Annotated[str, StringConstraints(max_length=1_000)]


class Input(Layer):
    """Where the data enters; the dataset supplies its shape.

    A shape of its own reshapes each example: 24 columns become 24 steps of one feature with
    (24, 1), so that a recurrent layer can read them.

    Shapes: the dataset's → its own shape.
    """

    group = "Input and output"
    glyph = "In"
    role: ClassVar[Role] = "input"
    headline = ("shape",)
    arity = (0, 0)

    shape: (
        Annotated[tuple[Dimension, ...], Field(strict=False, min_length=1, max_length=4)] | None
    ) = Field(
        default=None,
        description="Shape of one example without the batch: (features), (time, features), "
        "(channels, height, width) or (channels, depth, height, width); empty takes the dataset's",
    )
    columns: Annotated[tuple[ColumnName, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None,
        description="Which columns of the dataset enter here; empty: all that no other input names",
        json_schema_extra={"x-names": "columns"},
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the reshaping from the data's shape, the one input, to this layer's own."""
        (given,) = inputs
        if self.shape is None or self.shape == given:
            return ()
        if prod(self.shape) != prod(given):
            fitting = self._fitting(given)
            raise Misfit(
                "shape_mismatch",
                f"Expected {prod(given):,} numbers per example, as many as the data has in its "
                f"shape {given}, got an input shape {self.shape} of {prod(self.shape):,}. "
                f"Set the shape to {fitting}.",
                param="shape",
                remedy=_set_shape(fitting),
            )
        if len(given) > 2 and sorted(given) == sorted(self.shape):
            raise Misfit(
                "shape_mismatch",
                f"Expected channels first, {given} as the data has it, got {self.shape}, which "
                f"would scramble the image. Set the shape to {given}.",
                param="shape",
                remedy=_set_shape(given),
            )
        return laid_out(given, self.shape)

    def _fitting(self, given: Shape) -> Shape:
        """Return the shape that is meant, with as many numbers as the data has."""
        if self.shape is None or len(given) != 1 or len(self.shape) != 2:
            return given
        # Columns are to be steps: with as many features each as was asked, if that comes out even.
        features = self.shape[1] if given[0] % self.shape[1] == 0 else 1
        return (given[0] // features, features)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the Keras input for data of this shape, and the reshaping to this layer's own."""
        given = inputs[0] if inputs else self.shape
        entry = call("keras.Input", shape=channels_last(given) if given is not None else None)
        if self.shape is None or self.shape == given:
            return (entry,)
        # Keras has channels last: they are turned to the front before, and back after it.
        rank = len(given or ())
        front = (call("layers.Permute", (rank, *range(1, rank))),) if rank > 2 else ()
        rank = len(self.shape)
        back = (call("layers.Permute", (*range(2, rank + 1), 1)),) if rank > 2 else ()
        return (entry, *front, call("layers.Reshape", self.shape), *back)


class OutputLoss(BaseModel):
    """A loss by its catalogue type, with its parameters beside the type."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False, frozen=True)

    type: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="Name of the loss in the catalogue"
    )


class Output(Layer):
    """Where the answer leaves: what comes in here is compared with the target.

    A network with several of them learns several targets at once: it makes the sum of their losses,
    each times its weight, small.

    Shapes: any → the same.
    """

    group = "Input and output"
    glyph = "Ou"
    role: ClassVar[Role] = "output"
    has_output = False
    passes_mask = True

    target: ColumnName | None = Field(
        default=None,
        description="The column that is predicted here; empty: the recipe's target",
        json_schema_extra={"x-names": "columns"},
    )
    loss: OutputLoss | None = Field(
        default=None,
        description="What is made small here; empty: the recipe's, or the one that suits",
        json_schema_extra={"x-names": "losses", "x-none": "as proposed"},
    )
    loss_weight: float = Field(
        default=1.0,
        ge=0,
        le=1e6,
        description="How much this loss counts in the sum, when there are several outputs",
        json_schema_extra=usual(0, 10),
    )
    class_weight: (
        dict[ColumnName, Annotated[float, Field(ge=0, le=1e6)]] | Literal["balanced"] | None
    ) = Field(
        default=None,
        description="How much the examples of each class count here; balanced: every class counts "
        "alike; empty: the recipe's",
        json_schema_extra={"x-names": "classes", "x-none": "as the recipe"},
    )

    def __hash__(self) -> int:
        # The weights of classes have no hash; what is equal is equal in these too.
        return hash((self.target, self.loss_weight))

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return nothing: the output is its input."""
        return ()

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return nothing: in Keras a model's outputs are named when it is made."""
        return ()


def _set_shape(shape: Shape) -> Remedy:
    return Remedy(f"Set shape to {shape}", {"shape": list(shape)})


LAYERS = (Input, Output)
