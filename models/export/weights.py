"""What the source of a network does with its weights: initial values, penalties, constraints."""

import re

from models.export.forms import Forms
from models.export.lines import Group, Piece, call_piece, statement
from models.layers.base import Rule, Step
from models.stages import Plan


def names(layout: Plan) -> set[str]:
    """Return the names that these functions call, and the classes of blocks when they are made."""
    found: set[str] = set()
    for _, step in layout.modules():
        for made in (*step.initial, *step.penalties, *step.constraints):
            found |= made.call.names()
        if any(len(rule.tensors) > 1 for rule in step.constraints):
            found.add("stacked_")
    return found


def initialize(forms: Forms) -> str | None:
    """Return the function that fills the weights, in the order in which `network` fills them.

    Those inside blocks are filled when these are made.
    """
    head = ["@torch.no_grad()", "def initialize(network):", '    """Begin as Keras does."""']
    return "\n".join([*head, *filling(forms, "network", 4)]) if forms.filled else None


def filling(forms: Forms, owner: str, indent: int) -> list[str]:
    """Return the lines that fill the weights of a module's own layers."""
    lines = []
    for part, initial in forms.filled:
        tensor = _attribute(f"{owner}.{part.name}.{initial.tensor}")
        tensor += ".T" if initial.transposed else ""
        if initial.part:
            start, stop = map(repr, initial.part)
            tensor += f"[{start}:{stop}]" if " " not in start + stop else f"[{start} : {stop}]"
        call = call_piece(initial.call)
        lines += statement(Group(call.head, (tensor, *call.items)), indent)
    return lines


def penalty(layout: Plan) -> str | None:
    """Return the function that tells what is to be added to the loss."""
    found: list[Group] = []
    for module, step in _modules(layout):
        for rule in step.penalties:
            tensors = _tensors(module, rule)
            whole = tensors[0] if len(tensors) == 1 else _stack(tensors)
            function = call_piece(rule.call)
            found.append(Group(function.head, (whole, *function.items)))
        if step.observer is not None:
            inside = f".{step.observer}" if step.observer else ""
            found.append(Group(f"{module}{inside}.take(", ()))
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
    for module, step in _modules(layout):
        for rule in step.constraints:
            tensors = _tensors(module, rule)
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


def _modules(layout: Plan) -> list[tuple[str, Step]]:
    """Return every module of a layer as the source names it."""
    return [(_attribute(f"network.{path}"), step) for path, step in layout.modules()]


def _attribute(path: str) -> str:
    """Return a path of modules, some of them numbered, as Python: `network.stage[0].conv`."""
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", path)


def _tensors(module: str, rule: Rule) -> tuple[Piece, ...]:
    tensors = tuple(_attribute(f"{module}.{name}") for name in rule.tensors)
    if rule.split is None:
        return tensors
    split = Group("(", tuple(map(str, rule.split)), "sequence")
    return tuple(Group(f"{tensor}.unflatten(", ("0", split)) for tensor in tensors)


def _stack(tensors: tuple[Piece, ...]) -> Piece:
    return Group("torch.stack(", (Group("[", tensors, "sequence"),))
