"""A network as PyTorch source: a module of its own, with Keras's initial weights, and no more."""

from models.architecture import Architecture
from models.call import Call
from models.data.interface import Interface
from models.layers.base import Shape
from models.measure import expression
from models.modules import OWN, source_of
from models.plan import Plan, Stage, plan
from models.recipe import Recipe

LINE = 100


def source(
    architecture: Architecture, interface: Interface | None = None, recipe: Recipe | None = None
) -> str:
    """Return Python source that defines `build() -> nn.Module`.

    What `build` gives has the same `state_dict` keys as `models.network.build`, and gives the same
    answers with the same weights; its initial weights follow the same distributions.

    Args:
        recipe: its seed, when it has one, is the default of `build`.

    Raises:
        DocumentError: when the architecture cannot be built.
    """
    layout = plan(architecture, interface)
    calls = _initial_calls(layout)
    own = _own(layout)
    parts = [_imports(layout, own)]
    parts += [source_of(name).rstrip() for name in own]
    if not layout.sequential:
        parts.append(_module(layout))
    if calls:
        parts.append(_initialize(calls))
    parts.append(_build(layout, bool(calls), recipe.seed if recipe and recipe.seed else 0))
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
    shapes = ", ".join(str(shape) for _, shape in layout.inputs)
    first = f'"""{plain(layout.name)[:60] or "A network"}: {shapes} → {layout.output_shape}.'
    return f'{first}\n\nShapes are those of one example; a batch comes first.\n"""'


def _imports(layout: Plan, own: list[str]) -> str:
    lines = ["from collections import OrderedDict", ""] if layout.sequential else []
    lines += ["import torch", "from torch import nn"]
    if any("F." in source_of(name) for name in own):
        lines.append("from torch.nn import functional as F")
    return "\n".join(lines)


def _own(layout: Plan) -> list[str]:
    """Return the names of our own modules and functions that the network uses."""
    used = {stage.step.call.name for stage in layout.stages}
    used |= {initial.call.name for stage in layout.stages for initial in stage.step.initial}
    return [name for name in OWN if name in used]


def _modules(layout: Plan) -> list[Stage]:
    return [stage for stage in layout.stages if stage.step.kind == "module"]


def _module(layout: Plan) -> str:
    lines = ["class Network(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    for stage in _modules(layout):
        lines += _assignment(f"self.{stage.name}", stage.step.call, 8)
    arguments = ", ".join(name for name, _ in layout.inputs)
    lines += ["", f"    def forward(self, {arguments}):"]
    for stage in layout.stages:
        title = layout.titles.get(stage.node)
        if title and not stage.step.suffix:
            lines.append(f"        # {plain(title)[: LINE - 10]}")
        if stage.step.kind == "module":
            value = f"self.{stage.name}({', '.join(stage.inputs)})"
        else:
            value = expression(stage.step, list(stage.inputs))
        lines.append(f"        {stage.output} = {value}")
    lines.append(f"        return {layout.output}")
    return "\n".join(lines)


def _initial_calls(layout: Plan) -> list[str]:
    """Return the lines that fill the weights, in the order in which `network` fills them."""
    lines = []
    for stage in layout.stages:
        for initial in stage.step.initial:
            tensor = f"network.{stage.name}.{initial.tensor}"
            tensor += ".T" if initial.transposed else ""
            tensor += "[{}:{}]".format(*initial.part) if initial.part else ""
            call = Call(initial.call.name, (), initial.call.kwargs)
            shown = str(call).removeprefix(call.name)[1:-1]
            further = "".join(f", {value!r}" for value in initial.call.args)
            lines.append(f"{call.name}({tensor}{further}{', ' + shown if shown else ''})")
    return lines


def _initialize(calls: list[str]) -> str:
    head = ["@torch.no_grad()", "def initialize(network):"]
    return "\n".join([*head, '    """Begin as Keras does."""', *(f"    {line}" for line in calls)])


def _build(layout: Plan, initialized: bool, seed: int) -> str:
    lines = [
        f"def build(seed={seed}):",
        '    """Return the network with fresh weights."""',
        "    torch.manual_seed(seed)",
    ]
    if layout.sequential:
        lines += ["    network = nn.Sequential(", "        OrderedDict(", "            ["]
        for stage in _modules(layout):
            title = layout.titles.get(stage.node)
            if title and not stage.step.suffix:
                lines.append(f"                # {plain(title)[: LINE - 18]}")
            lines.append(f'                ("{stage.name}", {stage.step.call}),')
        lines += ["            ]", "        )", "    )"]
    else:
        lines.append("    network = Network()")
    if initialized:
        lines.append("    initialize(network)")
    lines.append("    return network")
    return "\n".join(lines) + "\n\n\n" + _main(layout)


def _main(layout: Plan) -> str:
    examples = [f"torch.zeros({_batch(shape)})" for _, shape in layout.inputs]
    return "\n".join(
        [
            'if __name__ == "__main__":',
            "    network = build().eval()",
            "    print(network)",
            '    print(sum(p.numel() for p in network.parameters()), "parameters")',
            "    with torch.no_grad():",
            f"        print(network({', '.join(examples)}))",
        ]
    )


def _batch(shape: Shape) -> str:
    return ", ".join(str(size) for size in (2, *shape))


def _assignment(target: str, call: Call, indent: int) -> list[str]:
    """Return `target = call`, one argument per line when it would be too long for one."""
    space = " " * indent
    line = f"{space}{target} = {call}"
    if len(line) <= LINE:
        return [line]
    inner = str(call).removeprefix(f"{call.name}(").removesuffix(")")
    return [f"{space}{target} = {call.name}(", f"{space}    {inner}", f"{space})"]
