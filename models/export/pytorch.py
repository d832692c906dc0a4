"""A network as PyTorch source: a module of its own, with Keras's initial weights, and no more."""

from models.architecture import Architecture
from models.data.interface import Interface
from models.export import weights
from models.export.body import block, module, network, title_of
from models.export.classes import Classes
from models.export.forms import Forms, forms_of
from models.export.lines import LINE, Group, cut, plain, statement, wrapped
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
    classes = Classes(layout)
    forms = forms_of(layout, classes.call)
    own = _own(layout)
    parts = [_imports(layout, own)]
    parts += [source_of(name).rstrip() for name in own]
    parts += [block(written) for written in classes.all]
    if not layout.sequential:
        parts.append(network(layout, forms))
    functions = (weights.initialize(forms), weights.penalty(layout), weights.constrain(layout))
    parts += [function for function in functions if function]
    parts.append(_build(layout, forms, recipe.seed if recipe and recipe.seed else 0))
    return f"{_docstring(layout)}\n\n" + "\n\n\n".join(parts) + "\n"


def _docstring(layout: Plan) -> str:
    given = ", ".join(str(shape) for _, shape in layout.inputs)
    made = ", ".join(str(answer.shape) for answer in layout.answers)
    told = f"Shapes: {given} → {made}. They are of one example; a batch comes first."
    name = cut(plain(layout.name), LINE - 8) or "A network"
    return "\n".join([f'"""{name}.', "", *wrapped(told, LINE), '"""'])


def _imports(layout: Plan, own: list[str]) -> str:
    chained = layout.sequential and layout.stages
    lines = ["from collections import OrderedDict", ""] if chained else []
    lines += ["import torch", "from torch import nn"]
    if any("F." in source_of(name) for name in own):
        lines.append("from torch.nn import functional as F")
    return "\n".join(lines)


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
    return "\n".join(lines) + "\n\n\n" + _main(layout)


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
