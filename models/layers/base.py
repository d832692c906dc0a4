"""The one declaration of a layer type: its fields are its parameters, its docstring its page.

From it come the palette entry, the inspector's form, validation, shapes, the PyTorch module, the
PyTorch and Keras source, and its place in the contract test that runs over the whole catalogue.
Nothing here imports torch: `Layer.torch` describes modules as Calls, which others make or print.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from models.call import Call, call
from models.layers.one_of import Part

Shape = tuple[int, ...]
"""Without the batch axis: (features,), (time, features), (channels, height, width), or
(channels, time or depth, height, width). With three axes or more the features, the channels, come
first, where Keras has them last; the order of the other axes is the same."""

Role = Literal["input", "output", "layer", "block"]

MAX_SIZE = 2**31 - 1
"""Largest number of units, filters and the like; memory sets the real limit."""

SHARED, INITIAL_VALUES, TRAINING = "", "Initial values", "Training"
SECTIONS = (SHARED, INITIAL_VALUES, TRAINING)
"""Where forms show the parameters that several layer types share, in order: after a type's own, or
in a section of this name. A field tells its section as "x-section"."""


class Layer(BaseModel):
    """Base of all layer types.

    A subclass declares its parameters as fields, each with a description, and says in `torch` what
    computes it. The first line of its docstring is the palette's summary. What concerns weights
    (initializers, regularizers, constraints, freezing) it has from the groups in `weight_fields`.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        frozen=True,
        field_title_generator=lambda name, _: name.replace("_", " ").capitalize(),
    )

    group: ClassVar[str]
    glyph: ClassVar[str]
    role: ClassVar[Role] = "layer"
    headline: ClassVar[tuple[str, ...]] = ()
    """The parameters that the node shows in one line."""
    arity: ClassVar[tuple[int, int | None]] = (1, 1)
    """Fewest and most inputs; None means any number."""
    ports: ClassVar[tuple[str, ...]] = ()
    """Names of the inputs, in order, where they differ in meaning; as many as `arity` allows. Those
    beyond the fewest are optional."""
    has_output: ClassVar[bool] = True
    width: ClassVar[str | None] = None
    """The parameter that sets the size of the output's features axis, if there is one."""
    required: ClassVar[tuple[str, ...]] = ()
    """The parameters that Keras has no default for, though we have, in the order of its own."""
    sets_inside: ClassVar[frozenset[str]] = frozenset()
    """Parameters that Keras's layer gives to the one inside it by itself."""
    example: ClassVar[Mapping[str, Any]] = {}
    """Parameters of the reference's example, where those of `required` do not show what it does."""
    differs: ClassVar[str | None] = None
    """Why its numbers are not compared with Keras's; None where they are the same."""
    rewrites: ClassVar[str | None] = None
    """Why a pass in training changes its weights before it uses them; None where it does not."""
    passes_mask: ClassVar[bool] = False
    """Whether its output has the mask that its first input has; see `mask`."""

    @property
    def reads_codes(self) -> bool:
        """Whether inputs are whole-number codes, which must not be standardised."""
        return False

    @property
    def sees_batch(self) -> bool:
        """Whether in training an example's output depends on the others of its batch."""
        return False

    def torch(self, *inputs: Shape) -> "tuple[Step, ...]":
        """Return the operations that compute this layer on inputs of these shapes, in order.

        Raises:
            Misfit: when the layer cannot take inputs of these shapes.
        """
        raise NotImplementedError

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> "Mask | None":
        """Return how the mask of the output comes about; None when it has none.

        A mask says which positions of a value count: True where they do. It is a boolean tensor in
        the value's shape without its features axis, such as (batch, time). It goes along with the
        value as in Keras, and is computed only where a layer uses it. What a layer declares:

        - It drops masks: nothing. Keras: `supports_masking` is False.
        - It passes on the mask of its first input: `passes_mask = True`. Keras: `supports_masking`.
          Where the output has other positions, the mask would not fit it and ends.
        - It makes a mask, puts several together, or passes one on only with some parameters: this
          method. Keras: `compute_mask`.
        - It uses masks: `Step(..., masks=("mask",))`, the keywords by which its module takes the
          masks of its inputs, in their order. Keras: `mask` among the arguments of `call`.

        Args:
            masked: which of the inputs have a mask.
        """
        return Mask() if self.passes_mask and any(masked[:1]) else None

    def window(self) -> "Window | None":
        """Return the window that it slides, if it does, as the reference draws it."""
        return None

    def advice(self, *inputs: Shape) -> "Misfit | None":
        """Return what would probably be better on inputs of these shapes, though it works."""
        return None

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the Keras layers that do the same, one after another, on inputs of these shapes.

        Parameters that are not Keras's defaults are spelled out. `inputs` is empty where the shapes
        are not known yet. Keras has channels last: where that makes a difference, layers that turn
        the axes come along.
        """
        return (self.keras_call(),)

    def keras_call(self) -> Call:
        """Return the Keras layer of the same name with the parameters of the same names."""
        fields = type(self).model_fields
        given = tuple(self._in_keras(name) for name in self.required)
        changed = {
            name: self._in_keras(name)
            for name in self.parameters()
            if name not in self.required and getattr(self, name) != fields[name].default
        }
        return Call(f"layers.{type(self).__name__}", given, changed)

    def keras_given(self, inputs: Sequence[str]) -> str:
        """Return how inputs, by their names, are handed to the Keras layer: several as a list."""
        return inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"

    def as_in_keras(self, *inputs: Shape) -> "tuple[Layer, ...]":
        """Return the layers that do here what Keras's layer with these parameters does.

        They are this layer itself unless its parameters name axes that Keras has in another order.
        """
        return (self,)

    @classmethod
    def says_again(cls, name: str, config: Mapping[str, Any]) -> bool:
        """Return whether a parameter of Keras's configuration only repeats what others say."""
        return False

    def _in_keras(self, name: str) -> Any:
        value = getattr(self, name)
        return value.keras() if isinstance(value, Part) else value

    def keras_weights(self, *inputs: Shape) -> "tuple[KerasWeight, ...]":
        """Return where each weight of the Keras layer lies here, in the order of its `weights`.

        Those of the groups in `weight_fields` must be among them, to be given what their parameters
        ask for.
        """
        return ()

    def asked(self, weight: str, what: str) -> "Asked":
        """Return what a parameter says about a weight of `keras_weights`.

        Args:
            what: "initializer", "regularizer" or "constraint".
        """
        name = f"{weight.rpartition('/')[2].removesuffix('_kernel')}_{what}"
        return self._asked(name)

    def _asked(self, name: str) -> "Asked":
        known = type(self).model_fields.get(name)
        return Asked((name,), getattr(self, name, None), known.default if known else None)

    @property
    def learns(self) -> bool:
        """Whether training changes its weights, if it has any."""
        return True

    def watching(self) -> Call | None:
        """Return the module that takes note of the output for a penalty on it, if there is one."""
        return None

    @classmethod
    def parameters(cls) -> list[str]:
        """Return the names of the parameters as they are shown: its own, then the shared ones."""

        def section(name: str) -> int:
            extra = cls.model_fields[name].json_schema_extra
            known = isinstance(extra, Mapping) and extra.get("x-section")
            return SECTIONS.index(known) if isinstance(known, str) else -1

        return sorted(cls.model_fields, key=section)

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return how often an example passes through the weights: once per position of the output.

        Two operations (multiply, add) times this, for each weight of a matrix, is the layer's cost.
        """
        return prod(output) // max(features(output), 1)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the operations on an example beside those with weights: one per result."""
        return prod(output)


@dataclass(frozen=True)
class Initial:
    """The initial values of one tensor of a module, or of the rows `part` of it.

    Attributes:
        tensor: the parameter's name inside the module.
        call: fills a tensor in place, e.g. `nn.init.zeros_`.
        transposed: the initializer sees (inputs, outputs) swapped, where Keras keeps them so.
    """

    tensor: str
    call: Call
    transposed: bool = False
    part: tuple[int, int] | None = None


@dataclass(frozen=True)
class Rule:
    """Something that holds for a weight during training: a penalty on it, or a constraint.

    Attributes:
        tensors: the parameter's name inside the module; several are stacked on a new first axis.
        call: a function of the tensor.
        split: sizes of the two axes that the tensor's first one is for the function.
    """

    tensors: tuple[str, ...]
    call: Call
    split: tuple[int, int] | None = None


@dataclass(frozen=True)
class Step:
    """One operation of a layer.

    Attributes:
        call: the constructor of a module; or, for the other kinds, a function and what it takes
            after the inputs.
        kind: "module" is made once and called on the inputs; "function" is a function of them;
            "list" is a function of their list; "fold" is an operator such as `operator.add` between
            them, and between them and the call's own arguments.
        suffix: names the step `<node>_<suffix>`; the step without one bears the node's own name.
        initial: the initial values of the module's parameters.
        penalties: functions of the module's parameters that are added to the loss.
        constraints: functions that change the module's parameters in place after each step.
        activation: the activation function that this step is, if it is one.
        observer: what takes note of values for the sake of training: its path inside the module;
            "" is the module itself, which passes its input on unchanged.
        masks: keywords by which the module's `forward`, or the function, takes the masks of the
            layer's inputs, in their order; none is given where an input has none.
        masked: what is done instead where an input has a mask; it takes what `masks` names.
        output: the shape that comes out, told where trying it would take long, as in a loop.
        takes_largest: each number that leaves is the largest of some that came in.
        keeps_largest: see `Activation`; it may as well be done after a step that takes the largest.
    """

    call: Call
    kind: Literal["module", "function", "fold", "list"] = "module"
    suffix: str = ""
    initial: tuple[Initial, ...] = ()
    penalties: tuple[Rule, ...] = ()
    constraints: tuple[Rule, ...] = ()
    activation: str | None = None
    observer: str | None = None
    masks: tuple[str, ...] = ()
    masked: "Step | None" = None
    output: Shape | None = None
    takes_largest: bool = False
    keeps_largest: bool = False


@dataclass(frozen=True)
class Window:
    """A window that slides along axes.

    Attributes:
        size: along each axis.
        strides: how far it moves, along each axis.
        over: which of the two it slides over; each of its places meets one place of the other.
    """

    size: tuple[int, ...]
    strides: tuple[int, ...]
    over: Literal["input", "output"] = "input"


@dataclass(frozen=True)
class Mask:
    """How the mask of a layer's output comes about.

    Attributes:
        steps: that compute it; none passes on what the first would take.
        of: what the first step takes: the masks of the inputs, or the inputs themselves.
        missing: makes a mask of an input that has none; without it such inputs are left out.
    """

    steps: tuple[Step, ...] = ()
    of: Literal["masks", "inputs"] = "masks"
    missing: Step | None = None


@dataclass(frozen=True)
class Asked:
    """What a parameter says about a weight.

    Attributes:
        path: to the parameter, inside the layer.
        value: the initializer, regularizer or constraint; None where there is none.
        default: of the parameter.
    """

    path: tuple[str, ...]
    value: Any
    default: Any = None


@dataclass(frozen=True)
class KerasWeight:
    """Where one weight of a Keras layer lies in ours.

    Ours, put together, is rearranged in this order: `parts`, `split`, `axes`, then reshaped to
    Keras's.

    Attributes:
        name: Keras's, such as "kernel" or, in a composite layer, its path.
        tensors: parameters or buffers of the layer's module; several are stacked on a new axis.
        parts: the order in which Keras has the equal parts (gates) of the first axis of each.
        split: sizes of the two axes that Keras has where ours has its first.
        axes: the permutation of axes from ours to Keras's, those of the stack and of the split
            included.
        rank: the number of Keras's axes, where ours has more, of size 1, at the end.
        fans: how many inputs a unit has, and how many units an input goes to, where these are not
            the sizes of Keras's last two axes, each times those of the axes before.
        begun: the module itself begins with the layer type's default initial values.
    """

    name: str
    tensors: tuple[str, ...]
    parts: tuple[int, ...] = ()
    axes: tuple[int, ...] = ()
    split: tuple[int, int] | None = None
    rank: int | None = None
    fans: tuple[int, int] | None = None
    begun: bool = False


@dataclass(frozen=True)
class Remedy:
    """How a misfit can be mended, in terms of the layer itself.

    Attributes:
        title: what the button says.
        params: parameters of this layer to set.
        insert: type and parameters of a layer to put before this one.
        reshape: shape that its input could have: the network's Input takes it, any other layer is
            followed by a Reshape.
    """

    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    insert: tuple[str, Mapping[str, Any]] | None = None
    reshape: Shape | None = None


class Misfit(ValueError):
    """A layer cannot take inputs of these shapes.

    Attributes:
        code: a stable snake_case name.
        path: to the parameter that could be changed, inside the node.
        remedy: what would mend it, where that is known.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        param: str | tuple[str, ...] | None = None,
        remedy: Remedy | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        names = (param,) if isinstance(param, str) else param
        self.path: list[str | int] = ["params", *names] if names else []
        self.remedy = remedy


class Choice:
    """One of the names of a table, such as the activations; becomes an enum in the form."""

    def __init__(self, names: Iterable[str], catalog: str) -> None:
        self.names = list(names)
        self.catalog = catalog

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.literal_schema(self.names)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": self.names, "x-catalog": self.catalog}


def usual(low: float, high: float) -> dict[str, Any]:
    """Return the schema keyword that gives a slider its ends; values beyond them are allowed."""
    return {"x-range": [low, high]}


def presets(**values: Any) -> dict[str, Any]:
    """Return the schema keyword for values that are one click away, by what they are called."""
    return {"x-presets": [{"label": label, "value": value} for label, value in values.items()]}


def features(shape: Shape) -> int:
    """Return the size of the features axis: channels of an image or a volume, else the last."""
    if len(shape) > 2:
        return shape[0]
    return shape[-1] if shape else 1


def positions(shape: Shape) -> Shape:
    """Return the sizes of the axes that are not the features': (time,), (height, width) …"""
    return shape[1:] if len(shape) > 2 else shape[:-1]


def features_axis(shape: Shape) -> int:
    """Return the position of the features axis in a tensor with its batch axis."""
    return 2 if len(shape) == 2 else 1


def describe(shape: Shape) -> str:
    """Return a shape in words, for messages: "an image of shape (3, 8, 8)"."""
    kinds = {1: "a row", 2: "a sequence", 3: "an image", 4: "a volume"}
    return f"{kinds.get(len(shape), 'a tensor')} of shape {shape}"


def channels_last(shape: Shape) -> Shape:
    """Return the shape as Keras has it."""
    return (*shape[1:], shape[0]) if len(shape) > 2 else shape


def keras_axis(axis: int, rank: int) -> int:
    """Return our position of an axis that is counted as Keras does, both with the batch axis.

    Args:
        axis: in Keras's order, channels last; negative ones count from the end.
        rank: number of axes without the batch's.
    """
    position = axis if axis > 0 else rank + 1 + axis
    if rank < 3:
        return position
    return 1 if position == rank else position + 1


ONES = call("nn.init.ones_")
