"""Layers around another: both ways through a sequence."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from models.call import call
from models.layers.base import KerasWeight, Mask, Misfit, Remedy, Shape, Step
from models.layers.inner import OneLayer, Wrapper, with_params, written
from models.layers.recurrent import LSTM, Recurrent

_SIDES = ("forward_layer", "backward_layer")


class Bidirectional(Wrapper):
    """Reads a sequence from both ends, with a recurrent layer each way, and merges what they say.

    At every step the output knows what came before and what comes after. With return_sequences of
    the layer inside, the steps that a mask leaves out give zeros.

    Shapes: (time, features) → (2 · units), or (time, 2 · units) with return_sequences; units where
    they are not concatenated.
    """

    glyph = "Bi"
    headline = ("layer", "merge_mode")

    layer: Annotated[Recurrent, OneLayer(lambda kind: issubclass(kind, Recurrent))] = Field(
        default=LSTM(),
        description="The recurrent layer; each way gets one with its own weights",
        json_schema_extra={"default": written(LSTM())},
    )
    merge_mode: Literal["concat", "sum", "mul", "ave"] = Field(
        default="concat",
        description="How the two outputs become one: side by side, added, multiplied or averaged",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module of both layers."""
        if self.layer.go_backwards:
            misfit = Misfit(
                "go_backwards",
                "Expected a layer that reads forwards in Bidirectional, which adds the other way "
                "itself, got go_backwards. Leave it out.",
                param="go_backwards",
                remedy=Remedy("Leave go_backwards out", {"go_backwards": False}),
            )
            raise self._told(misfit)
        try:
            (there,) = self.layer.torch(*inputs)
            (back,) = with_params(self.layer, {"go_backwards": True}).torch(*inputs)
        except Misfit as misfit:
            raise self._told(misfit) from misfit
        options: dict[str, Any] = {}
        if self.merge_mode != "concat":
            options["merge_mode"] = self.merge_mode
        watching = self.layer.watching()
        if watching is not None:
            options["activity"] = watching
        initial = tuple(
            replace(entry, tensor=f"{side}.{entry.tensor}")
            for side, step in zip(_SIDES, (there, back), strict=True)
            for entry in step.initial
        )
        module = call("Bidirectional", there.call, back.call, **options)
        observer = None if watching is None else "activity"
        return (Step(module, initial=initial, observer=observer, masks=("mask",)),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return what the layer inside does."""
        return self.layer.mask(masked, *inputs)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the weights of the layer that reads forwards, then those of the other."""
        return tuple(
            replace(
                weight,
                name=f"{side}/{weight.name}",
                tensors=tuple(f"{side}.{tensor}" for tensor in weight.tensors),
            )
            for side in _SIDES
            for weight in self.layer.keras_weights(*inputs)
        )

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the number of time steps."""
        return self.layer.applications(inputs, output)


LAYERS = (Bidirectional,)
