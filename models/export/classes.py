"""The classes of a printed network: one for each block, with arguments for what differs.

Uses of a block that call the same things in the same order are of one class. What these calls are
given differently becomes an argument of its constructor. Uses that call other things, because their
inputs have other shapes or their arguments say so, are of a class of their own.
"""

import inspect
import keyword
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from models.call import Call
from models.export.forms import Forms, Value, forms_of
from models.modules import OWN
from models.resolve import resolve
from models.stages import Plan

TAKEN = frozenset({"Network", "OrderedDict", *OWN})
"""What may not be the name of a class in PyTorch source."""
RESERVED = frozenset({*OWN, "self", "torch", "nn", "super", "l"})
"""What may not be the name of a parameter there."""


@dataclass(frozen=True)
class BlockClass:
    """A class to print.

    Attributes:
        plan: of one of its uses.
        parameters: of its constructor.
        forms: with expressions of the parameters for what differs between its uses.
    """

    name: str
    plan: Plan
    parameters: tuple[str, ...]
    forms: Forms


class Classes:
    """The classes of all blocks of a network; inner ones come first.

    Args:
        taken: names that are no class's, because they mean something else in the source.
        reserved: likewise for the parameters of constructors.
        parameter_at: what a call names the argument at its place.
    """

    def __init__(
        self,
        network: Plan,
        taken: Set[str] = TAKEN,
        reserved: Set[str] = RESERVED,
        parameter_at: Callable[[Value], str] | None = None,
    ) -> None:
        self.all: list[BlockClass] = []
        self._call: dict[int, Call] = {}
        self._names = {*taken}
        self._reserved = reserved
        self._parameter_at = parameter_at or _parameter_at
        uses: dict[str, list[Plan]] = {}
        for plan in network.walk():
            if plan.block is not None:
                uses.setdefault(plan.block, []).append(plan)
        for plans in sorted(uses.values(), key=lambda plans: max(map(_depth, plans))):
            self._write(plans)

    def call(self, copy: Plan) -> Call:
        """Return the call that makes a copy of a block."""
        return self._call[id(copy)]

    def _write(self, plans: Sequence[Plan]) -> None:
        """Add the classes of one block."""
        alike: dict[Any, list[tuple[Plan, Forms]]] = {}
        for plan in plans:
            forms = forms_of(plan, self.call)
            alike.setdefault(forms.key, []).append((plan, forms))
        for group in alike.values():
            plan, forms = group[0]
            name = self._class_name(plan.block or "")
            arguments = _Arguments(group, self._reserved, self._parameter_at)
            parameters = tuple(arguments.values)
            forms = forms.expressed(arguments.expressions)
            self.all.append(BlockClass(name, plan, parameters, forms))
            for number, (other, _) in enumerate(group):
                given = {key: values[number] for key, values in arguments.values.items()}
                self._call[id(other)] = Call(name, (), given)

    def _class_name(self, block: str) -> str:
        wish = "".join(word.capitalize() for word in block.split("_"))
        # A single letter may look like a digit.
        wish = wish if len(wish) > 1 else f"Block{wish}"
        name, number = wish, 1
        while name in self._names or keyword.iskeyword(name):
            number += 1
            name = f"{wish}{number}"
        self._names.add(name)
        return name


class _Arguments:
    """What differs between the uses of a class.

    Attributes:
        values: for each parameter what each use gives.
        expressions: what stands for a value of the forms, by its number.
    """

    def __init__(
        self,
        group: Sequence[tuple[Plan, Forms]],
        reserved: Set[str],
        parameter_at: Callable[[Value], str],
    ) -> None:
        self._plans = [plan for plan, _ in group]
        self._reserved = {*reserved, *keyword.kwlist, *(part.name for part in group[0][0].parts)}
        self._parameter_at = parameter_at
        self.values: dict[str, list[Any]] = {}
        self.expressions: dict[int, str] = {}
        values = ([told.value for told in forms.values()] for _, forms in group)
        columns = zip(*values, strict=True)
        for number, (first, column) in enumerate(
            zip(group[0][1].values(), map(list, columns), strict=True)
        ):
            if any(not _equal(value, column[0]) for value in column):
                self.expressions[number] = self._expression(column, first)

    def _expression(self, column: list[Any], first: Value) -> str:
        for name, values in self.values.items():
            if all(map(_equal, values, column)):
                return name
        for name, values in self.values.items():
            if times := _multiple(values, column):
                return f"{times} * {name}"
        wish = first.key or self._parameter_at(first)
        for name in self._plans[0].arguments:
            if all(map(_equal, (plan.arguments.get(name) for plan in self._plans), column)):
                wish = name
        name, number = wish, 1
        while name in self.values or name in self._reserved:
            number += 1
            name = f"{wish}_{number}"
        self.values[name] = column
        return name


def _equal(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b)


def _multiple(values: Iterable[Any], column: Iterable[Any]) -> int:
    """Return how many times each value the other one is; 0 when not the same for all."""
    pairs = list(zip(values, column, strict=True))
    if any(type(value) is not int or type(other) is not int or not value for value, other in pairs):
        return 0
    times = {other // value for value, other in pairs if other % value == 0}
    whole = all(other % value == 0 for value, other in pairs)
    return times.pop() if whole and len(times) == 1 and max(times) > 1 else 0


def _parameter_at(value: Value) -> str:
    """Return what the function or class itself calls the argument at its place."""
    try:
        names = list(inspect.signature(resolve(value.called)).parameters)
    except (KeyError, TypeError, ValueError):
        return "value"
    return names[value.place].strip("_") if value.place < len(names) else "value"


def _depth(plan: Plan) -> int:
    return 1 + max((_depth(copy) for part in plan.parts for copy in part.copies), default=0)
