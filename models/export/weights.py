"""What the source of a network does with its weights: initial values, penalties, constraints."""

from models.export.lines import Group, Piece, call_piece, statement
from models.layers.base import Rule
from models.plan import Plan, Stage


def names(layout: Plan) -> set[str]:
    """Return the names that these functions call."""
    found: set[str] = set()
    for stage in _own(layout):
        for made in (*stage.step.initial, *stage.step.penalties, *stage.step.constraints):
            found |= made.call.names()
        if any(len(rule.tensors) > 1 for rule in stage.step.constraints):
            found.add("stacked_")
    return found


def initialize(layout: Plan) -> str | None:
    """Return the function that fills the weights, in the order in which `network` fills them."""
    lines = []
    for stage in _own(layout):
        for initial in stage.step.initial:
            tensor = f"network.{stage.name}.{initial.tensor}"
            tensor += ".T" if initial.transposed else ""
            tensor += "[{}:{}]".format(*initial.part) if initial.part else ""
            filling = call_piece(initial.call)
            lines += statement(Group(filling.head, (tensor, *filling.items)), 4)
    head = ["@torch.no_grad()", "def initialize(network):", '    """Begin as Keras does."""']
    return "\n".join([*head, *lines]) if lines else None


def penalty(layout: Plan) -> str | None:
    """Return the function that tells what is to be added to the loss."""
    found: list[Group] = []
    for stage in _own(layout):
        for rule in stage.step.penalties:
            tensors = _tensors(stage.name, rule)
            whole = tensors[0] if len(tensors) == 1 else _stack(tensors)
            function = call_piece(rule.call)
            found.append(Group(function.head, (whole, *function.items)))
        if stage.step.observes:
            found.append(Group(f"network.{stage.name}.take(", ()))
    if not found:
        return None
    lines = [
        "def penalty(network):",
        '    """Return what to add to the loss after the network was called."""',
    ]
    for place, piece in enumerate(found):
        lines += statement(piece, 4, before="total += " if place else "total = ")
    return "\n".join([*lines, "    return total"])


def constrain(layout: Plan) -> str | None:
    """Return the function that keeps the weights as their constraints ask."""
    lines = []
    for stage in _own(layout):
        for rule in stage.step.constraints:
            tensors = _tensors(stage.name, rule)
            function = call_piece(rule.call)
            if len(tensors) == 1:
                piece = Group(function.head, (*tensors, *function.items))
            else:
                piece = Group("stacked_(", (rule.call.name, *tensors, *function.items))
            lines += statement(piece, 4)
    head = [
        "@torch.no_grad()",
        "def constrain(network):",
        '    """Keep the weights as they have to be; call it after each step of the optimizer."""',
    ]
    return "\n".join([*head, *lines]) if lines else None


def _own(layout: Plan) -> list[Stage]:
    """Return the stages whose weights are not those of an earlier one."""
    return [stage for stage in layout.stages if not stage.again]


def _tensors(module: str, rule: Rule) -> tuple[Piece, ...]:
    tensors = tuple(f"network.{module}.{name}" for name in rule.tensors)
    if rule.split is None:
        return tensors
    split = Group("(", tuple(map(str, rule.split)), "sequence")
    return tuple(Group(f"{tensor}.unflatten(", ("0", split)) for tensor in tensors)


def _stack(tensors: tuple[Piece, ...]) -> Piece:
    return Group("torch.stack(", (Group("[", tensors, "sequence"),))
