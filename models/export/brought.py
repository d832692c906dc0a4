"""Functions that printed source brings along, word for word, with what they call in turn."""

import ast
import inspect
from collections.abc import Iterable
from types import ModuleType


def brought(module: ModuleType, names: Iterable[str]) -> list[str]:
    """Return the source of functions of a module, and of those of its own that they call."""
    wanted: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        tree = ast.parse(inspect.getsource(getattr(module, name)))
        called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        own = {other for other in called if inspect.isfunction(getattr(module, other, None))}
        waiting += own - wanted
    functions = [getattr(module, name) for name in vars(module) if name in wanted]
    return [inspect.getsource(function).rstrip() for function in functions]
