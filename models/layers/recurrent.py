"""Recurrent layers: they read a sequence step by step and remember."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from models.call import Call, call
from models.layers.base import (
    MAX_SIZE,
    ONES,
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
from models.layers.initializers import INITIALIZERS, BiasInitializer, KernelInitializer


class _Recurrent(Layer):
    group = "Recurrent"
    headline = ("units", "return_sequences")
    width = "units"
    required = ("units",)
    _gates: ClassVar[tuple[int, ...]] = ()
    """The order in which Keras has the gates, counted in PyTorch's order."""
    _biases: ClassVar[tuple[str, ...]] = ("bias_ih_l0",)

    units: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Size of the memory, and of the output",
        json_schema_extra=usual(1, 256),
    )
    return_sequences: bool = Field(
        default=False,
        description="Give the output of every step, for a further recurrent layer, not only the "
        "last one's",
    )
    go_backwards: bool = Field(default=False, description="Read the sequence from its end")
    use_bias: bool = Field(default=True, description="Add learned constants to the sums")
    kernel_initializer: KernelInitializer = Field(
        default="glorot_uniform", description="How the weights of the inputs begin"
    )
    recurrent_initializer: KernelInitializer = Field(
        default="orthogonal", description="How the weights of the memory begin"
    )
    bias_initializer: BiasInitializer = Field(default="zeros", description="How the biases begin")

    def _module(self, shape: Shape, **options: Any) -> Call:
        if len(shape) != 2:
            remedy = None
            if len(shape) == 1:
                remedy = Remedy(f"Reshape the input to ({shape[0]}, 1)", reshape=(shape[0], 1))
            raise Misfit(
                "rank_mismatch",
                f"Expected a sequence, (time, features), for {type(self).__name__}, got "
                f"{describe(shape)}. Give the input the shape (time, features), or set "
                "return_sequences on the recurrent layer before.",
                remedy=remedy,
            )
        for name, default in (
            ("use_bias", True),
            ("return_sequences", False),
            ("go_backwards", False),
        ):
            if getattr(self, name) != default:
                options["bias" if name == "use_bias" else name] = getattr(self, name)
        return call(type(self).__name__, shape[1], self.units, **options)

    def _initial(self, *biases: str) -> tuple[Initial, ...]:
        weights = (
            Initial("weight_ih_l0", INITIALIZERS[self.kernel_initializer].call),
            Initial("weight_hh_l0", INITIALIZERS[self.recurrent_initializer].call),
        )
        if not self.use_bias:
            return weights
        fill = INITIALIZERS[self.bias_initializer].call
        return (*weights, *(Initial(name, fill) for name in biases))

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel, recurrent kernel and bias, with the gates in Keras's order."""
        weights = (
            KerasWeight("kernel", ("weight_ih_l0",), self._gates, (1, 0)),
            KerasWeight("recurrent_kernel", ("weight_hh_l0",), self._gates, (1, 0)),
        )
        bias = KerasWeight("bias", self._biases, self._gates)
        return (*weights, bias) if self.use_bias else weights

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the number of time steps."""
        return inputs[0][0]


class SimpleRNN(_Recurrent):
    """The simplest recurrent layer: its output is fed back to it at the next step.

    h(t) = activation(x(t) · W + h(t−1) · U + b). Forgets quickly; LSTM and GRU remember longer.

    Shapes: (time, features) → (units), or (time, units) with return_sequences.
    """

    glyph = "RN"

    activation: Literal["tanh", "relu"] = Field(
        default="tanh", description="Function applied to the sums"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the recurrent module."""
        options = {} if self.activation == "tanh" else {"nonlinearity": self.activation}
        module = self._module(inputs[0], **options)
        return (Step(module, initial=self._initial("bias_ih_l0")),)


class LSTM(_Recurrent):
    """Long short-term memory: gates decide what to remember, what to forget and what to tell.

    Its activations are tanh, and sigmoid for the gates.

    Shapes: (time, features) → (units), or (time, units) with return_sequences.
    """

    glyph = "LS"

    unit_forget_bias: bool = Field(
        default=True, description="Begin with the forget gate's bias at 1, which means: remember"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the recurrent module."""
        module = self._module(inputs[0])
        initial = self._initial("bias_ih_l0")
        if self.use_bias and self.unit_forget_bias:
            gate = (self.units, 2 * self.units)
            initial = (*initial, Initial("bias_ih_l0", ONES, part=gate))
        return (Step(module, initial=initial),)


class GRU(_Recurrent):
    """Gated recurrent unit: remembers almost like an LSTM, with three quarters of its weights.

    Its activations are tanh, and sigmoid for the gates; the reset gate acts after the
    multiplication, as in Keras.

    Shapes: (time, features) → (units), or (time, units) with return_sequences.
    """

    glyph = "GR"
    _gates = (1, 0, 2)
    _biases = ("bias_ih_l0", "bias_hh_l0")

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the recurrent module."""
        module = self._module(inputs[0])
        return (Step(module, initial=self._initial("bias_ih_l0", "bias_hh_l0")),)


LAYERS = (SimpleRNN, LSTM, GRU)
