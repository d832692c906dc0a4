"""Layers around another: both ways through a sequence, and a layer for each step of one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from models.call import Call, call
from models.layers.base import (
    KerasWeight,
    Layer,
    Mask,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    features_axis,
)
from models.layers.core import Dense
from models.layers.inner import OneLayer, Wrapper, with_params, written
from models.layers.recurrent import LSTM
from models.layers.remembering import Remembering
from models.layers.weight_fields import Activity

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
    sets_inside = frozenset({"zero_output_for_mask"})

    layer: Annotated[Remembering, OneLayer(lambda kind: issubclass(kind, Remembering))] = Field(
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
        if len(inputs[0]) > 2:
            options |= {"time": 2, "features": 1}
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
        output = self._merged(there.output)
        return (Step(module, initial=initial, observer=observer, masks=("mask",), output=output),)

    def _merged(self, output: Shape | None) -> Shape | None:
        """Return the shape of both outputs as one, for that of each."""
        if output is None or self.merge_mode != "concat":
            return output
        axis = features_axis(output) - 1
        return (*output[:axis], 2 * output[axis], *output[axis + 1 :])

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return what the layer inside does."""
        return self.layer.mask(masked, *inputs)

    @classmethod
    def says_again(cls, name: str, config: Mapping[str, Any]) -> bool:
        """Return whether it is the layer of the other way, and like the one that is given."""
        there, back = config.get("layer"), config.get("backward_layer")
        if name != "backward_layer" or not isinstance(there, Mapping):
            return False
        own = {"name": None, "go_backwards": None}
        sides = (
            side.get("config") if isinstance(side, Mapping) else None for side in (there, back)
        )
        forth, other = ({**(side or {}), **own} for side in sides)
        return forth == other

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


def _suits_steps(kind: type[Layer]) -> bool:
    return kind.role == "layer" and kind.arity == (1, 1) and kind.has_output


class TimeDistributed(Wrapper):
    """Applies a layer to every step of a sequence by itself, with the same weights at each.

    y[t] = layer(x[t]). It makes a film out of what works on an image, and a sequence of rows out of
    that.

    Shapes: (time, features) → (time, features'); (features, time, length) → that of the layer on
    (length, features), with the time; (channels, time, height, width) → that of the layer on
    (channels, height, width), with the time.
    """

    glyph = "TD"
    headline = ("layer",)

    layer: Annotated[Layer, OneLayer(_suits_steps)] = Field(
        default=Dense(),
        description="The layer that each step goes through",
        json_schema_extra={"default": written(Dense())},
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module of the layer inside; nothing, where that has nothing to do."""
        (shape,) = inputs
        if len(shape) < 2:
            raise Misfit(
                "rank_mismatch",
                "Expected a sequence, such as (time, features), for TimeDistributed, got "
                f"{describe(shape)}. Give its input the shape {(*shape, 1)}.",
                remedy=Remedy(f"Reshape the input to {(*shape, 1)}", reshape=(*shape, 1)),
            )
        self._refuse_penalty_on_outputs()
        try:
            steps = self.layer.torch(_step_of(shape))
        except Misfit as misfit:
            raise self._told_of_steps(misfit, _time(shape)) from misfit
        if not steps:
            return ()
        calls = [step.call for step in steps]
        inner = calls[0] if len(calls) == 1 else call("nn.Sequential", *calls)
        options = {"one_by_one": True} if self.sees_batch else {}
        initial = tuple(
            replace(entry, tensor=f"{_path(steps)}.{entry.tensor}")
            for step in steps
            for entry in step.initial
        )
        masks = steps[0].masks if len(steps) == 1 else ()
        module, output = call("TimeDistributed", inner, **options), steps[-1].output
        output = _sequence_of(output, _time(shape)) if output else None
        return (Step(module, initial=initial, masks=masks, output=output),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return the mask of the input."""
        return Mask() if masked[0] else None

    def advice(self, *inputs: Shape) -> Misfit | None:
        """Return what would be better for the layer inside."""
        misfit = self.layer.advice(_step_of(inputs[0]))
        return self._told_of_steps(misfit, _time(inputs[0])) if misfit else None

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return each of the Keras layers that the one inside is, for every step."""
        inner = self.layer.keras(*(_step_of(shape) for shape in inputs))
        return tuple(call("layers.TimeDistributed", entry) for entry in inner)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the weights of the layer inside."""
        inner = _step_of(inputs[0])
        weights = self.layer.keras_weights(inner)
        path = _path(self.layer.torch(inner)) if weights else ""
        return tuple(
            replace(weight, tensors=tuple(f"{path}.{tensor}" for tensor in weight.tensors))
            for weight in weights
        )

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return those of the layer inside, at each step."""
        return _time(output) * self.layer.applications((_step_of(inputs[0]),), _step_of(output))

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return those of the layer inside, at each step."""
        return _time(output) * self.layer.operations((_step_of(inputs[0]),), _step_of(output))

    def _refuse_penalty_on_outputs(self) -> None:
        """Raise a Misfit where a layer inside has a penalty: Keras's calls it without one."""
        if not (path := _penalized(self.layer)):
            return
        raise Misfit(
            "activity_in_time_distributed",
            "Expected no activity_regularizer inside TimeDistributed, which does not heed it, got "
            "one. Leave it out, or give one to a layer behind this.",
            param=("layer", *path),
            remedy=Remedy(
                "Leave activity_regularizer out", {"layer": written(_unpenalized(self.layer))}
            ),
        )

    def _told_of_steps(self, misfit: Misfit, time: int) -> Misfit:
        """Return a misfit of the layer inside, which sees one step, as one of this."""
        told = self._told(misfit, "At each step: ")
        remedy = told.remedy
        if remedy and remedy.insert:
            name, params = remedy.insert
            inner = {"layer": {"type": name, **params}}
            told.remedy = replace(remedy, insert=(type(self).__name__, inner))
        if remedy and remedy.reshape:
            told.remedy = replace(remedy, reshape=_sequence_of(remedy.reshape, time))
        return told


def _penalized(layer: Layer) -> tuple[str, ...]:
    """Return the path to a penalty on the outputs of a layer or one inside; empty without one."""
    if isinstance(layer, Wrapper):
        inner = _penalized(layer.layer)
        return ("layer", *inner) if inner else ()
    penalized = isinstance(layer, Activity) and layer.watching() is not None
    return ("activity_regularizer",) if penalized else ()


def _unpenalized(layer: Layer) -> Layer:
    if isinstance(layer, Wrapper):
        return with_params(layer, {"layer": written(_unpenalized(layer.layer))})
    return with_params(layer, {"activity_regularizer": None})


def _path(steps: tuple[Step, ...]) -> str:
    """Return where the module lies that keeps the weights: the step that bears no name."""
    if len(steps) == 1:
        return "layer"
    return f"layer.{next(place for place, step in enumerate(steps) if not step.suffix)}"


def _time(shape: Shape) -> int:
    return shape[0] if len(shape) == 2 else shape[1]


def _step_of(shape: Shape) -> Shape:
    """Return the shape of one step; in Keras's order of the axes that is all but the first."""
    if len(shape) < 4:
        return (shape[2], shape[0]) if len(shape) == 3 else shape[1:]
    return (shape[0], *shape[2:])


def _sequence_of(step: Shape, time: int) -> Shape:
    """Return the shape of that many steps of this shape."""
    if len(step) < 3:
        return (step[1], time, step[0]) if len(step) == 2 else (time, *step)
    return (step[0], time, *step[1:])


LAYERS = (Bidirectional, TimeDistributed)
