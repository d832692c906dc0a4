"""A constructor or function call as data: it can be made, and it can be printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Named:
    """A function or class that is handed on, not called: an argument by its name."""

    name: str

    def __str__(self) -> str:
        return self.name

    def names(self) -> set[str]:
        """Return the name."""
        return {self.name}


@dataclass(frozen=True)
class Call:
    """A call by name: `models.resolve.make` carries it out, `str` prints it.

    One description serves both, so the printed source is what runs.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = [repr_argument(value) for value in self.args]
        shown += [f"{key}={repr_argument(value)}" for key, value in self.kwargs.items()]
        return f"{self.name}({', '.join(shown)})"

    def names(self) -> set[str]:
        """Return the name that is called, and those in the arguments."""
        found = {self.name}
        for value in (*self.args, *self.kwargs.values()):
            if isinstance(value, Call | Named):
                found |= value.names()
        return found


def call(name: str, *args: Any, **kwargs: Any) -> Call:
    """Write a Call as one writes the call itself."""
    return Call(name, args, kwargs)


def repr_argument(value: Any) -> str:
    """Return the source of an argument; nested Calls are printed as calls."""
    if isinstance(value, Call | Named):
        return str(value)
    if isinstance(value, str):
        return '"' + value.encode("unicode_escape").decode().replace('"', '\\"') + '"'
    return repr(value)
