"""Recurrent layers: they read a sequence step by step and remember."""

from typing import Any, ClassVar

from pydantic import Field

from models.call import call
from models.layers.activations import function
from models.layers.base import (
    MAX_SIZE,
    Initial,
    KerasWeight,
    Layer,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    usual,
)
from models.layers.remembering import ForgetGate, Gates, Remembering


class Units(Layer):
    """The size of a memory that is a vector."""

    units: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Size of the memory, and of the output",
        json_schema_extra=usual(1, 256),
    )


class Recurrent(Remembering, Units):
    """What the recurrent layers of vectors have in common."""

    headline = ("units", "return_sequences")
    width = "units"
    required = ("units",)
    _gates: ClassVar[tuple[int, ...]] = ()
    """The order in which Keras has the gates, counted in PyTorch's order."""

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the recurrent module: torch's where it computes the same, else a loop."""
        (shape,) = inputs
        if len(shape) != 2:
            remedy = None
            if len(shape) == 1:
                remedy = Remedy(f"Reshape the input to ({shape[0]}, 1)", reshape=(shape[0], 1))
            if len(shape) == 3 and shape[0] == 1:
                remedy = Remedy("Read the image row by row", reshape=shape[1:])
            raise Misfit(
                "rank_mismatch",
                f"Expected a sequence, (time, features), for {type(self).__name__}, got "
                f"{describe(shape)}. Give the input the shape (time, features), or set "
                "return_sequences on the recurrent layer before.",
                remedy=remedy,
            )
        own = self._fast() if self.recurrent_dropout == 0 else None
        name, options = (type(self).__name__, own) if own is not None else self._stepwise()
        module = call(name, shape[1], self.units, **options, **self._reading())
        output = (shape[0], self.units) if self.return_sequences else (self.units,)
        return (Step(module, initial=self._initial(), masks=("mask",), output=output),)

    def _fast(self) -> dict[str, Any] | None:
        """Return the options of torch's own layer, or None where that cannot do it."""
        raise NotImplementedError

    def _stepwise(self) -> tuple[str, dict[str, Any]]:
        """Return the name and the options of the module that goes step by step."""
        options: dict[str, Any] = {"activation": function(self.activation)}
        if self.recurrent_dropout > 0:
            options["recurrent_dropout"] = self.recurrent_dropout
        return f"Stepwise{type(self).__name__.removeprefix('Simple')}", options

    def _biases(self) -> tuple[str, ...]:
        """Return the names of the biases that Keras has too."""
        return ("bias_ih_l0",) if self.use_bias else ()

    def _initial(self) -> tuple[Initial, ...]:
        """Return the initial values that no parameter tells."""
        return ()

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel, recurrent kernel and bias, with the gates in Keras's order."""
        weights = (
            KerasWeight("kernel", ("weight_ih_l0",), self._gates, (1, 0)),
            KerasWeight("recurrent_kernel", ("weight_hh_l0",), self._gates, (1, 0)),
        )
        biases = self._biases()
        return (*weights, KerasWeight("bias", biases, self._gates)) if biases else weights

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the number of time steps."""
        return inputs[0][0]


class SimpleRNN(Recurrent):
    """The simplest recurrent layer: its output is fed back to it at the next step.

    h(t) = activation(x(t) · W + h(t−1) · U + b). Forgets quickly; LSTM and GRU remember longer.

    Shapes: (time, features) → (units), or (time, units) with return_sequences.
    """

    glyph = "RN"

    def _fast(self) -> dict[str, Any] | None:
        if self.activation not in ("tanh", "relu"):
            return None
        return {} if self.activation == "tanh" else {"nonlinearity": self.activation}


class Gated(Gates, Recurrent):
    """What the recurrent layers of vectors that have gates have in common."""

    def _fast(self) -> dict[str, Any] | None:
        known = (self.activation, self.recurrent_activation) == ("tanh", "sigmoid")
        return {} if known else None

    def _stepwise(self) -> tuple[str, dict[str, Any]]:
        name, options = super()._stepwise()
        return name, {**options, "recurrent_activation": function(self.recurrent_activation)}


class LSTM(ForgetGate, Gated):
    """Long short-term memory: gates decide what to remember, what to forget and what to tell.

    i, f, o = recurrent_activation(x(t) · W + h(t−1) · U + b), each with weights of its own;
    c(t) = f · c(t−1) + i · activation(x(t) · W + h(t−1) · U + b); h(t) = o · activation(c(t)).

    Shapes: (time, features) → (units), or (time, units) with return_sequences.
    """

    glyph = "LS"

    def _initial(self) -> tuple[Initial, ...]:
        return self._remember(self.units)


class GRU(Gated):
    """Gated recurrent unit: remembers almost like an LSTM, with three quarters of its weights.

    z, r = recurrent_activation(x(t) · W + h(t−1) · U + b), each with weights of its own;
    h(t) = z · h(t−1) + (1 − z) · activation(x(t) · W + b + r · (h(t−1) · U + b′)).

    Shapes: (time, features) → (units), or (time, units) with return_sequences.
    """

    glyph = "GR"
    _gates = (1, 0, 2)

    reset_after: bool = Field(
        default=True,
        description="The reset gate r acts after the multiplication by U, with a bias b′ of its "
        "own; else before it, as first published, and slower",
    )

    def _fast(self) -> dict[str, Any] | None:
        return super()._fast() if self.reset_after else None

    def _stepwise(self) -> tuple[str, dict[str, Any]]:
        name, options = super()._stepwise()
        return name, options if self.reset_after else {**options, "reset_after": False}

    def _biases(self) -> tuple[str, ...]:
        own = super()._biases()
        return (*own, "bias_hh_l0") if own and self.reset_after else own


LAYERS = (SimpleRNN, LSTM, GRU)
