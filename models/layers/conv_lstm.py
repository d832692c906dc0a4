"""Recurrent layers whose memory is an image: they read films."""

from models.call import call
from models.layers.activations import function
from models.layers.base import KerasWeight, Misfit, Remedy, Shape, Step, describe
from models.layers.kernels import (
    Convolving,
    Dilation2D,
    Filters,
    KernelSize2D,
    Padding,
    Strides2D,
)
from models.layers.remembering import ForgetGate


class _Filters(Convolving):
    """The parameters of the filters, in Keras's order."""

    rank = 2

    filters: Filters = 32
    kernel_size: KernelSize2D = 3
    strides: Strides2D = 1
    padding: Padding = "valid"
    dilation_rate: Dilation2D = 1


class ConvLSTM2D(ForgetGate, _Filters):
    """An LSTM that reads films: filters see each image, and the memory of what was before.

    i, f, o = recurrent_activation(x(t) ∗ W + h(t−1) ∗ U + b), each with filters of its own;
    c(t) = f · c(t−1) + i · activation(x(t) ∗ W + h(t−1) ∗ U + b); h(t) = o · activation(c(t)).
    ∗ is a convolution: of x as strides, padding and dilation_rate say, of h so that its size is
    kept. A step counts if a mask leaves any of its pixels.

    Shapes: (channels, time, height, width) → (filters, height', width'), or
    (filters, time, height', width') with return_sequences.
    """

    group = "Recurrent"
    glyph = "CL"
    headline = ("filters", "kernel_size", "padding", "return_sequences")
    width = "filters"
    required = ("filters", "kernel_size")

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the recurrent module."""
        (shape,) = inputs
        if len(shape) != 4:
            remedy = None
            if len(shape) == 3:
                film = (shape[0], 1, *shape[1:])
                remedy = Remedy(f"Reshape the input to {film}", reshape=film)
            raise Misfit(
                "rank_mismatch",
                "Expected a film, (channels, time, height, width), for ConvLSTM2D, got "
                f"{describe(shape)}. Give the input such a shape, or set return_sequences on the "
                "ConvLSTM2D before.",
                remedy=remedy,
            )
        pads, options = self._window((shape[0], *shape[2:]))
        if any(map(any, pads)):
            # PyTorch counts from the last axis.
            options["padding"] = tuple(amount for side in reversed(pads) for amount in side)
        if self.recurrent_dropout > 0:
            options["recurrent_dropout"] = self.recurrent_dropout
        module = call(
            "ConvLSTM2d",
            shape[0],
            self.filters,
            self._per_axis("kernel_size"),
            function(self.activation),
            function(self.recurrent_activation),
            **options,
            **self._reading(),
        )
        image = self._leaving(shape[2:], pads)
        output = (
            (self.filters, shape[1], *image) if self.return_sequences else (self.filters, *image)
        )
        return (Step(module, initial=self._remember(self.filters), masks=("mask",), output=output),)

    def _leaving(self, lengths: Shape, pads: list[tuple[int, int]]) -> Shape:
        """Return height and width of what comes out."""
        spans, strides = self._spans(), self._per_axis("strides")
        return tuple(
            (length + sum(around) - span) // stride + 1
            for length, around, span, stride in zip(lengths, pads, spans, strides, strict=True)
        )

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel, recurrent kernel and bias; the gates have the same order."""
        return (
            self._filters("kernel", "weight_ih_l0"),
            self._filters("recurrent_kernel", "weight_hh_l0"),
            *((KerasWeight("bias", ("bias_ih_l0",)),) if self.use_bias else ()),
        )

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the number of pixels of what comes out, at all time steps."""
        return inputs[0][1] * output[-2] * output[-1]


LAYERS = (ConvLSTM2D,)
