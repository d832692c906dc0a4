"""A network as PyTorch source: a module of its own, with Keras's initial weights, and no more."""

from collections.abc import Set
from dataclasses import replace

from models.architecture import Architecture
from models.data.interface import Interface
from models.export import weights
from models.export.body import block, module, network, title_of
from models.export.classes import Classes
from models.export.forms import Forms, forms_of
from models.export.lines import LINE, Group, cut, plain, statement, wrapped
from models.export.printed import Printed
from models.layers.base import Shape
from models.modules import needed, source_of
from models.plan import plan
from models.recipe import Recipe
from models.stages import Plan


def source(
    architecture: Architecture, interface: Interface | None = None, recipe: Recipe | None = None
) -> str:
    """Return Python source that defines `build() -> nn.Module`.

    What `build` gives has the same `state_dict` keys as `models.network.build`, and gives the same
    answers with the same weights; its initial weights follow the same distributions. Where
    layers have regularizers, `penalty(network)` is what to add to the loss after a call; where they
    have constraints, `constrain(network)` is to be called after each step of the optimizer.

    Args:
        recipe: its seed, when it has one, is the default of `build`.

    Raises:
        DocumentError: when the architecture cannot be built.
    """
    layout = plan(architecture, interface)
    return str(_printed(layout, recipe).with_part(_main(layout)))


def printed(
    architecture: Architecture,
    interface: Interface,
    recipe: Recipe | None,
    logits: Set[int] = frozenset(),
) -> tuple[Printed, Set[int]]:
    """Return that source for a script that trains, and at which Outputs it gives logits there.

    Args:
        logits: at which Outputs to leave out the softmax or sigmoid that the network ends with,
            where that can be: PyTorch's losses prefer to see what it is applied to.
    """
    layout = plan(architecture, interface)
    raw = set()
    for place in sorted(logits):
        bare = _without_activation(layout, place)
        if bare is not None:
            layout = bare
            raw.add(place)
    return _printed(layout, recipe), raw


def _without_activation(layout: Plan, place: int) -> Plan | None:
    """Return the plan without the activation at an Output; None where something else needs it."""
    answer = layout.answers[place]
    if not answer.has_logits or answer.stage is None:
        return None
    dropped = layout.stages[answer.stage]
    stages = [stage for stage in layout.stages if stage is not dropped]
    others = [other for other in layout.answers if other is not answer]
    used = [*(value for stage in stages for value in stage.inputs), *(o.value for o in others)]
    if dropped.step is None or answer.value in used:
        return None
    again = any(stage.part == dropped.part for stage in stages)
    parts = tuple(part for part in layout.parts if again or part.name != dropped.part)
    bare = replace(answer, value=dropped.inputs[0], stage=None, activation=None)
    answers = tuple(
        bare if other is answer else replace(other, stage=_moved(other.stage, answer.stage))
        for other in layout.answers
    )
    return replace(layout, stages=tuple(stages), parts=parts, answers=answers)


def _moved(stage: int | None, dropped: int) -> int | None:
    """Return the number of a stage after another one was dropped."""
    return stage - 1 if stage is not None and stage > dropped else stage


def _printed(layout: Plan, recipe: Recipe | None) -> Printed:
    classes = Classes(layout)
    forms = forms_of(layout, classes.call)
    own = _own(layout)
    parts = [source_of(name).rstrip() for name in own]
    parts += [block(written) for written in classes.all]
    if not layout.sequential:
        parts.append(network(layout, forms))
    functions = (weights.initialize(forms), weights.penalty(layout), weights.constrain(layout))
    parts += [function for function in functions if function]
    parts.append(_build(layout, forms, recipe.seed if recipe and recipe.seed else 0))
    return Printed(_docstring(layout), _imports(layout, own), parts)


def _docstring(layout: Plan) -> str:
    given = ", ".join(str(shape) for _, shape in layout.inputs)
    made = ", ".join(str(answer.shape) for answer in layout.answers)
    told = f"Shapes: {given} → {made}. They are of one example; a batch comes first."
    name = cut(plain(layout.name), LINE - 8) or "A network"
    return "\n".join([f'"""{name}.', "", *wrapped(told, LINE), '"""'])


def _imports(layout: Plan, own: list[str]) -> set[str]:
    lines = {"import torch", "from torch import nn"}
    if layout.sequential and layout.stages:
        lines.add("from collections import OrderedDict")
    if any("F." in source_of(name) for name in own):
        lines.add("from torch.nn import functional as F")
    return lines


def _own(layout: Plan) -> list[str]:
    """Return the names of our own modules and functions that the network uses."""
    used = weights.names(layout)
    for inner in layout.walk():
        for stage in inner.stages:
            used |= stage.step.call.names() if stage.step is not None else set()
    return needed(used)


def _build(layout: Plan, forms: Forms, seed: int) -> str:
    lines = [
        f"def build(seed={seed}):",
        '    """Return the network with fresh weights."""',
        "    torch.manual_seed(seed)",
    ]
    if layout.sequential and not layout.stages:
        lines.append("    network = nn.Sequential()")
    elif layout.sequential:
        lines += ["    network = nn.Sequential(", "        OrderedDict(", "            ["]
        for part, made in forms.made:
            lines += title_of(layout, part.node, 16)
            entry = Group("(", (f'"{part.name}"', module(part, made)), "sequence")
            *most, last = statement(entry, 16, room=1)
            lines += [*most, f"{last},"]
        lines += ["            ]", "        )", "    )"]
    else:
        lines.append("    network = Network()")
    if forms.filled:
        lines.append("    initialize(network)")
    lines.append("    return network")
    return "\n".join(lines)


def _main(layout: Plan) -> str:
    examples = tuple(_batch(shape) for _, shape in layout.inputs)
    lines = [
        'if __name__ == "__main__":',
        "    network = build().eval()",
        "    print(network)",
        '    print(sum(p.numel() for p in network.parameters()), "parameters")',
        "    with torch.no_grad():",
    ]
    return "\n".join([*lines, *statement(Group("print(", (Group("network(", examples),)), 8)])


def _batch(shape: Shape) -> Group:
    return Group("torch.zeros(", tuple(str(size) for size in (2, *shape)))
