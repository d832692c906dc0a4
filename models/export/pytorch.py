"""A network as PyTorch source: a module of its own, with Keras's initial weights, and no more."""

from textwrap import fill

from models.architecture import Architecture
from models.data.interface import Interface
from models.export import weights
from models.export.lines import LINE, Group, Piece, call_piece, cut, expression, statement
from models.layers.base import Shape
from models.modules import needed, source_of
from models.plan import Plan, Stage, plan
from models.recipe import Recipe


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
    own = _own(layout)
    parts = [_imports(layout, own)]
    parts += [source_of(name).rstrip() for name in own]
    if not layout.sequential:
        parts.append(_module(layout))
    initialize = weights.initialize(layout)
    functions = (initialize, weights.penalty(layout), weights.constrain(layout))
    parts += [function for function in functions if function]
    parts.append(_build(layout, bool(initialize), recipe.seed if recipe and recipe.seed else 0))
    return f"{_docstring(layout)}\n\n" + "\n\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Return a user's text as one line that can do nothing inside a docstring or a comment."""
    shown = " ".join(text.split())
    return (
        "".join(letter if letter.isprintable() else "?" for letter in shown)
        .replace("\\", "/")
        .replace('"', "'")
    )


def _docstring(layout: Plan) -> str:
    given = ", ".join(str(shape) for _, shape in layout.inputs)
    made = ", ".join(str(answer.shape) for answer in layout.answers)
    told = f"Shapes: {given} → {made}. They are of one example; a batch comes first."
    name = cut(plain(layout.name), LINE - 8) or "A network"
    return f'"""{name}.\n\n{fill(told, LINE)}\n"""'


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
    for stage in layout.stages:
        used |= stage.step.call.names()
    return needed(used)


def _modules(layout: Plan) -> list[Stage]:
    return [stage for stage in layout.stages if stage.step.kind == "module" and not stage.again]


def _module(layout: Plan) -> str:
    lines = ["class Network(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    for stage in _modules(layout):
        lines += statement(call_piece(stage.step.call), 8, before=f"self.{stage.name} = ")
    arguments = ("self", *(name for name, _ in layout.inputs))
    *head, last = statement(Group("def forward(", arguments), 4)
    lines += ["", *head, f"{last}:"]
    for stage in layout.stages:
        lines += _title(layout, stage, 8)
        lines += statement(_expression(stage), 8, before=f"{stage.output} = ")
    lines += _return(layout)
    return "\n".join(lines)


def _return(layout: Plan) -> list[str]:
    values = tuple(answer.value for answer in layout.answers)
    line = f"        return {', '.join(values)}"
    if len(line) <= LINE:
        return [line]
    return statement(Group("(", values, "sequence"), 8, before="return ")


def _expression(stage: Stage) -> Piece:
    if stage.step.kind != "module":
        return expression(stage.step, stage.inputs)
    masks = (f"{keyword}={value}" for keyword, value in stage.masks)
    return Group(f"self.{stage.name}(", (*stage.inputs, *masks))


def _title(layout: Plan, stage: Stage, indent: int) -> list[str]:
    """Return the title that a person gave the node, as a comment above its first step."""
    title = cut(plain(layout.titles.get(stage.node, "")), LINE - indent - 2)
    first = next(other for other in layout.stages if other.node == stage.node)
    return [f"{' ' * indent}# {title}"] if title and stage is first else []


def _build(layout: Plan, initialized: bool, seed: int) -> str:
    lines = [
        f"def build(seed={seed}):",
        '    """Return the network with fresh weights."""',
        "    torch.manual_seed(seed)",
    ]
    if layout.sequential and not layout.stages:
        lines.append("    network = nn.Sequential()")
    elif layout.sequential:
        lines += ["    network = nn.Sequential(", "        OrderedDict(", "            ["]
        for stage in _modules(layout):
            lines += _title(layout, stage, 16)
            entry = Group("(", (f'"{stage.name}"', call_piece(stage.step.call)), "sequence")
            *most, last = statement(entry, 16, room=1)
            lines += [*most, f"{last},"]
        lines += ["            ]", "        )", "    )"]
    else:
        lines.append("    network = Network()")
    if initialized:
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
