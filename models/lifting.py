"""Problems inside a block, told on the layer Block that uses it."""

from models.errors import Fix, Problem, SetParams, Where
from models.layers import Layer
from models.unfold import Body


def lift(problem: Problem, node: str, layer: Layer, body: Body) -> Problem:
    """Return a problem of a block as one of the layer Block, `node`.

    Its path leads from there to the layer inside: ["blocks", block, "nodes", layer, …], once for
    each block on the way.
    """
    inner, path = problem.where.node, problem.where.path
    message = problem.message
    if inner is not None and path[:1] != ["blocks"]:
        message += f' This is "{inner}" in the block "{body.name}".'
    elif inner is None:
        message += f' This is the block "{body.name}".'
    # The wires of a layer are in a list of their own.
    within = [] if inner is None or path[:1] == ["edges"] else ["nodes", inner]
    where = Where(node=node, path=["blocks", body.name or "", *within, *path])
    fix = _lifted_fix(problem.fix, node, layer, body)
    return problem.model_copy(update={"message": message, "fix": fix, "where": where})


def _lifted_fix(fix: Fix | None, node: str, layer: Layer, body: Body) -> Fix | None:
    """Return a fix that sets arguments, if these are what sets the parameters to change.

    Parameters that no argument sets are changed in the block, for all its uses.
    """
    if fix is None or len(fix.changes) != 1 or not isinstance(fix.changes[0], SetParams):
        return None
    change = fix.changes[0]
    if change.block is not None:
        return fix
    named = {param: body.set_by.get((change.node, param)) for param in change.params}
    arguments = {name: change.params[param] for param, name in named.items() if name is not None}
    if not arguments and change.node in body.layers:
        return Fix(title=fix.title, changes=[change.model_copy(update={"block": body.name})])
    if len(arguments) < len(change.params):
        return None
    title = "Set " + " and ".join(f"{name} to {value}" for name, value in arguments.items())
    given = layer.model_dump().get("arguments", {})
    params = {"arguments": {**given, **arguments}}
    return Fix(title=title, changes=[SetParams(node=node, params=params)])
