"""What is inside a printed class: its constructor and its forward pass."""

from models.call import Call
from models.export.classes import BlockClass
from models.export.forms import Forms
from models.export.lines import (
    LINE,
    Group,
    Piece,
    assignment,
    call_piece,
    cut,
    expression,
    plain,
    statement,
    wrapped,
)
from models.export.weights import filling
from models.stages import Part, Plan, Stage


def block(written: BlockClass) -> str:
    """Return the class of a block, whose weights begin when it is made."""
    plan, forms = written.plan, written.forms
    lines = [f"class {written.name}(nn.Module):", *docstring(plan), ""]
    lines += _signature("__init__", ("self", *written.parameters))
    lines += ["        super().__init__()", *_constructor(forms)]
    if forms.filled:
        lines += ["        with torch.no_grad():", *filling(forms, "self", 12)]
    return "\n".join([*lines, "", *_forward(plan)])


def network(plan: Plan, forms: Forms) -> str:
    """Return the class of the network itself."""
    lines = ["class Network(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    return "\n".join([*lines, *_constructor(forms), "", *_forward(plan)])


def module(part: Part, made: list[Call]) -> Group:
    """Return what makes a module, or the copies of a Block."""
    pieces = tuple(call_piece(call) for call in made)
    if len(pieces) == 1:
        return pieces[0]
    if part.apart:
        return Group("nn.ModuleList(", (Group("[", pieces, "sequence"),))
    return Group("nn.Sequential(", pieces)


def title_of(plan: Plan, node: str, indent: int) -> list[str]:
    """Return the title that a person gave a node, as a comment."""
    title = cut(plain(plan.titles.get(node, "")), LINE - indent - 2)
    return [f"{' ' * indent}# {title}"] if title else []


def docstring(plan: Plan) -> list[str]:
    """Return what people say of a block as the docstring of its class."""
    name = cut(plain(plan.name), LINE - 12) or "A block"
    told = plain(plan.summary or "")
    if not told:
        return [f'    """{name}."""']
    return [f'    """{name}.', "", *(f"    {line}" for line in wrapped(told, LINE - 4)), '    """']


def _signature(name: str, parameters: tuple[str, ...]) -> list[str]:
    *most, last = statement(Group(f"def {name}(", parameters), 4)
    return [*most, f"{last}:"]


def _constructor(forms: Forms) -> list[str]:
    lines = []
    for part, made in forms.made:
        lines += statement(module(part, made), 8, before=f"self.{part.name} = ")
    return lines


def _forward(plan: Plan) -> list[str]:
    lines = _signature("forward", ("self", *plan.takes))
    titled: set[str] = set()
    for stage in plan.stages:
        if stage.node not in titled:
            titled.add(stage.node)
            lines += title_of(plan, stage.node, 8)
        lines += assignment(stage.outputs, _called(stage), 8)
    returned = f"        return {', '.join(plan.gives)}"
    if len(returned) <= LINE:
        return [*lines, returned]
    return [*lines, *statement(Group("(", plan.gives, "sequence"), 8, before="return ")]


def _called(stage: Stage) -> Piece:
    if stage.step is not None and stage.part is None:
        return expression(stage.step, stage.inputs, stage.masks)
    masks = (f"{keyword}={value}" for keyword, value in stage.masks)
    copy = f"[{stage.copy}]" if stage.copy is not None else ""
    return Group(f"self.{stage.part}{copy}(", (*stage.inputs, *masks))
