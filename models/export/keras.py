"""A network as Keras source: Sequential where it is sequential, functional where it branches."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from textwrap import fill

from models.architecture import Architecture
from models.call import Call, call
from models.data.interface import Interface
from models.errors import DocumentError
from models.export.body import title_of
from models.export.classes import Classes
from models.export.formatted import LINE, formatted
from models.export.forms import Forms, forms_of
from models.export.keras_classes import block, copies, made, parameter_at, taken
from models.export.keras_plan import IN_BUILD, IN_CLASS, laid_out
from models.export.lines import cut, plain
from models.export.printed import Printed
from models.recipe import Recipe
from models.stages import Part, Plan
from models.survey import survey


def source(
    architecture: Architecture, interface: Interface | None = None, recipe: Recipe | None = None
) -> str:
    """Return Python source that defines `build() -> keras.Model`, with a class for each block.

    Its layers are made in the order of the network's; with the weights put where `keras_weights`
    says they lie, it gives the same answers. Images are channels last, as Keras has them.

    Args:
        recipe: its seed, when it has one, is the default of `build`.

    Raises:
        DocumentError: when the architecture cannot be built.
    """
    made = printed(architecture, interface, recipe)
    return formatted(str(made.with_part('if __name__ == "__main__":\n    build().summary()')))


def printed(
    architecture: Architecture, interface: Interface | None = None, recipe: Recipe | None = None
) -> Printed:
    """Return that source, not yet formatted, without what is done when it is run."""
    layout = _layout(architecture, interface)
    return _printed(layout, recipe, {})


@dataclass(frozen=True)
class Names:
    """The names that layers have in Keras.

    Attributes:
        parts: of the layers that are named, by what they are called here.
        inside: paths of the layers in blocks, as they are called here.
        outputs: ids of the Outputs after which the layer before them is named.
    """

    parts: dict[str, str]
    inside: list[str]
    outputs: list[str]


def named(
    architecture: Architecture, interface: Interface, recipe: Recipe | None, all_layers: bool
) -> tuple[Printed, Names]:
    """Return the source for a script, where layers are named.

    With several Outputs the layer before each is named after it, because Keras tells the values of
    an epoch by these names.

    Args:
        all_layers: name all the others too, as they are called here.
    """
    layout = _layout(architecture, interface)
    names = {part.name: part.name for part in layout.parts} if all_layers else {}
    outputs = []
    for answer in layout.answers if len(layout.answers) > 1 else ():
        part = _only_before(layout, answer.value)
        if part is not None:
            names[part] = answer.node
            outputs.append(answer.node)
    inside = [
        f"{part.name}.{path}"
        for part in layout.parts
        for copy in part.copies
        for path, _ in copy.modules()
    ]
    return _printed(layout, recipe, names), Names(names, inside, outputs)


def _only_before(layout: Plan, value: str) -> str | None:
    """Return the layer that gives a value of one Output and nothing else."""
    given = [stage for stage in layout.stages if value in stage.outputs]
    if not given or given[-1].outputs != (value,):
        return None
    part = given[-1].part
    calls = [stage for stage in layout.stages if stage.part == part]
    ends = [answer for answer in layout.answers if answer.value == value]
    alone = len(calls) == 1 and len(ends) == 1
    repeated = any(len(own.copies) > 1 for own in layout.parts if own.name == part)
    return part if alone and not repeated else None


def _layout(architecture: Architecture, interface: Interface | None) -> Plan:
    network = survey(architecture, interface)
    if errors := [problem for problem in network.problems if problem.severity == "error"]:
        raise DocumentError(errors)
    return laid_out(network)


def _printed(layout: Plan, recipe: Recipe | None, names: Mapping[str, str]) -> Printed:
    classes = Classes(layout, frozenset(), IN_CLASS, parameter_at)
    forms = forms_of(layout, classes.call)
    forms = replace(forms, made=[(part, _named(part, calls, names)) for part, calls in forms.made])
    seed = recipe.seed if recipe and recipe.seed else 0
    lines = [
        f"def build(seed={seed}):",
        '    """Return the network with fresh weights."""',
        "    keras.utils.set_random_seed(seed)",
        *(_sequential if layout.sequential else _functional)(layout, forms),
    ]
    parts = [*(block(written) for written in classes.all), "\n".join(lines)]
    return Printed(_docstring(layout), _imports(_rooms(classes, forms)), parts)


def _named(part: Part, calls: list[Call], names: Mapping[str, str]) -> list[Call]:
    """Return the calls that make a layer, which gets a name where it has one."""
    if part.name not in names or len(calls) != 1:
        return calls
    (made,) = calls
    return [Call(made.name, made.args, {**made.kwargs, "name": names[part.name]})]


def _docstring(layout: Plan) -> str:
    entering = ", ".join(str(shape) for _, shape in layout.inputs)
    leaving = ", ".join(str(answer.shape) for answer in layout.answers)
    told = f"Shapes: {entering} → {leaving}. They are of one example; a batch comes first."
    return f'"""{cut(plain(layout.name), LINE - 8) or "A network"}.\n\n{fill(told, LINE)}\n"""'


def _imports(rooms: set[str]) -> set[str]:
    hub = {"import keras_hub"} if "keras_hub" in rooms else set()
    return {"import keras", f"from keras import {', '.join(sorted(rooms - {'keras_hub'}))}", *hub}


def _rooms(classes: Classes, forms: Forms) -> set[str]:
    """Return the parts of Keras whose names are used, such as "layers"."""
    every = (*(written.forms for written in classes.all), forms)
    calls = (call for told in every for _, made in told.made for call in made)
    names = (name for call in calls for name in call.names() if "." in name)
    return {"layers", *(name.partition(".")[0] for name in names)} - {"keras"}


def _sequential(layout: Plan, forms: Forms) -> list[str]:
    """Return the lines of a Sequential."""
    (_, shape), *_ = layout.inputs
    lines = ["    return keras.Sequential([", f"        {call('keras.Input', shape=shape)},"]
    for part, calls in forms.made:
        lines += title_of(layout, part.node, 8)
        lines.append(f"        {f'*[{copies(calls)}]' if len(calls) > 1 else calls[0]},")
    return [*lines, "    ])"]


def _functional(layout: Plan, forms: Forms) -> list[str]:
    """Return the lines of a model whose layers are called one by one."""
    lines = [f"    {name} = {call('keras.Input', shape=shape)}" for name, shape in layout.inputs]
    calls = {part.name: made(calls) for part, calls in forms.made}
    called = [stage.part or "" for stage in layout.stages]
    shared = _shared(layout, {name for name in called if called.count(name) > 1})
    titled: set[str] = set()
    made_already: set[str] = set()
    for stage, part in zip(layout.stages, called, strict=True):
        if stage.node not in titled:
            lines += title_of(layout, stage.node, 4)
        if part in shared and part not in made_already:
            lines.append(f"    {shared[part]} = {calls[part]}")
        titled.add(stage.node)
        made_already.add(part)
        layer = shared.get(part, calls[part])
        lines.append(f"    {', '.join(stage.outputs)} = {layer}({taken(stage)})")
    entries, answers = (
        values[0] if len(values) == 1 else f"[{', '.join(values)}]"
        for values in (layout.takes, layout.gives)
    )
    return [*lines, f"    return keras.Model({entries}, {answers})"]


def _shared(layout: Plan, parts: set[str]) -> dict[str, str]:
    """Return a name for each layer that is called several times."""
    used = {*IN_BUILD, *layout.takes, *(name for stage in layout.stages for name in stage.outputs)}
    names = {}
    for part in parts:
        name = f"{part}_layer"
        while name in used:
            name += "_"
        used.add(name)
        names[part] = name
    return names
