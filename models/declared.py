"""The layer that a node declares, or what is wrong with its type and its parameters."""

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.architecture import Node
from models.budget import ALLOWED, PER_WEIGHT, in_words
from models.declaration import OUT_OF_ORDER
from models.errors import DocumentError, Fix, Problem, SetParams, Where
from models.layers import LAYERS, Layer
from models.layers.one_of import Part, part_at
from models.repair import Repair, repair
from models.wording import clean, message, show, suggest


def layer(node: Node) -> Layer:
    """Return the layer that a node declares.

    Raises:
        DocumentError: unknown type, or parameters that are not right.
    """
    kind = LAYERS.get(node.type)
    if kind is None:
        raise DocumentError(
            [
                Problem(
                    code="unknown_layer",
                    message=f"Expected a layer type of the catalogue, got {show(node.type)}. "
                    f"{suggest(node.type, LAYERS)}",
                    where=Where(node=node.id, path=["type"]),
                )
            ]
        )
    try:
        return kind.model_validate(node.params)
    except ValidationError as error:
        details = error.errors(include_url=False)
        inner = {detail["loc"][0] for detail in details if len(detail["loc"]) > 1}
        # A list is called too short when its entries were refused; those are told themselves.
        told = [d for d in details if not (d["type"] == "too_short" and d["loc"][0] in inner)]
        raise DocumentError([_of_parameter(node, kind, detail) for detail in told]) from error


def _of_parameter(node: Node, kind: type[Layer], detail: ErrorDetails) -> Problem:
    """Tell what is wrong with a parameter, or inside one that is an object."""
    owner: type[BaseModel] = kind
    detail = _of_order(detail)
    loc, path = list(detail["loc"]), ["params"]
    while len(loc) > 2 and (part := part_at(owner, str(loc[0]), str(loc[1]))):
        owner, path, loc = part, [*path, str(loc[0])], loc[2:]
    field = clean(str(loc[0]))[:100] if loc else "params"
    name = owner.name if issubclass(owner, Part) else owner.__name__
    known = list(owner.model_fields)
    text = message(detail, field if owner is kind else f"{field} of {name}", known)
    code = "invalid_parameter"
    if detail["type"] == "extra_forbidden":
        code = "unknown_parameter"
        if not known:
            text = f'Expected no parameters for {name}, got "{field}". Remove it.'
        elif owner is not kind:
            text = f'Expected a parameter of {name}, got "{field}". {suggest(field, known)}'
    received = detail.get("input")
    number = isinstance(received, int | float) and not isinstance(received, bool)
    if number and field in known and abs(received) * PER_WEIGHT > ALLOWED:
        size = in_words(int(min(abs(received), 10**21)) * PER_WEIGHT)
        text += f" So many numbers would take an estimated {size}; {in_words(ALLOWED)} are allowed."
    where = [*path, field, *(part for part in loc[1:] if isinstance(part, int))]
    found = None
    if code == "invalid_parameter" and loc:
        found = repair(kind, owner, node.params, where[1:], detail)
    fix = _fix(found, node.id) if found is not None else None
    return Problem(code=code, message=text, fix=fix, where=Where(node=node.id, path=where))


def _of_order(detail: ErrorDetails) -> ErrorDetails:
    """Return the error of two parameters that contradict each other as one of the lower one."""
    if detail["type"] != OUT_OF_ORDER:
        return detail
    context = detail.get("ctx", {})
    return {**detail, "loc": (*detail["loc"], context["low"]), "input": context["least"]}


def _fix(repaired: Repair, node: str) -> Fix:
    """Return what gives a parameter a value that it may have."""
    change = SetParams(node=node, params={repaired.field: repaired.value})
    return Fix(title=repaired.title, changes=[change])
