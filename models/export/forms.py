"""The calls of a plan in the order in which they are printed, and what they are given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.call import Call, Named
from models.layers.base import Initial
from models.stages import Part, Plan


@dataclass(frozen=True, repr=False)
class Expression:
    """What stands in the source for a value that differs between the uses of a class."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Value:
    """A value that a call is given, which may differ from use to use.

    Attributes:
        called: what is given it.
        place: of the argument, counted from 0.
        key: by which it is told; "" where its place tells.
    """

    called: str
    place: int
    key: str
    value: Any


@dataclass(frozen=True)
class Forms:
    """The calls of one plan: of its modules, then of what fills their weights.

    Attributes:
        made: for each module the calls that make it; several for a Block that is repeated.
        filled: for each tensor that is filled its module, and how it is filled.
        key: equal for plans that differ in nothing but the values.
    """

    made: list[tuple[Part, list[Call]]]
    filled: list[tuple[Part, Initial]]
    key: str = ""

    def values(self) -> list[Value]:
        """Return the values of all calls, in order."""
        found = [value for _, calls in self.made for call in calls for value in _values(call)]
        for _, initial in self.filled:
            found += _values(initial.call, 1)
            rows = zip(("start", "stop"), initial.part or (), strict=False)
            found += (Value("", place, *row) for place, row in enumerate(rows))
        return found

    def expressed(self, expressions: Mapping[int, str]) -> "Forms":
        """Return the calls with expressions in place of some values, by their number."""
        told = iter(
            Expression(expressions[number]) if number in expressions else value.value
            for number, value in enumerate(self.values())
        )
        made = [(part, [_filled_in(call, told) for call in calls]) for part, calls in self.made]
        filled = []
        for part, initial in self.filled:
            call = _filled_in(initial.call, told)
            rows = (next(told), next(told)) if initial.part else None
            filled.append((part, replace(initial, call=call, part=rows)))
        return replace(self, made=made, filled=filled)


def forms_of(plan: Plan, call_of: Callable[[Plan], Call]) -> Forms:
    """Return the forms of a plan; `call_of` tells the calls that make copies of blocks."""
    made = [
        (part, [part.step.call] if part.step else [call_of(copy) for copy in part.copies])
        for part in plan.parts
    ]
    steps = ((part, part.step) for part in plan.parts if part.step is not None)
    filled = [(part, initial) for part, step in steps for initial in step.initial]
    return Forms(made, filled, _key(plan, made, filled))


def _values(call: Call, skipped: int = 0) -> Iterator[Value]:
    """Yield what a call and those in its arguments are given, after as many arguments.

    Functions and classes that are handed on are no values: what gets others calls other things.
    """
    keys = (*("" for _ in call.args), *call.kwargs)
    given = zip(keys, (*call.args, *call.kwargs.values()), strict=True)
    for place, (key, value) in enumerate(given, skipped):
        if isinstance(value, Call):
            yield from _values(value)
        elif not isinstance(value, Named):
            yield Value(call.name, place, key, value)


def _filled_in(call: Call, told: Iterator[Any]) -> Call:
    def value(old: Any) -> Any:
        if isinstance(old, Named):
            return old
        return _filled_in(old, told) if isinstance(old, Call) else next(told)

    args = tuple(value(old) for old in call.args)
    return Call(call.name, args, {key: value(old) for key, old in call.kwargs.items()})


def _key(
    plan: Plan, made: list[tuple[Part, list[Call]]], filled: list[tuple[Part, Initial]]
) -> str:
    modules = [
        (part.name, part.node, part.apart, [_skeleton(call) for call in calls])
        for part, calls in made
    ]
    weights = [
        (part.name, of.tensor, of.transposed, of.part is None, _skeleton(of.call))
        for part, of in filled
    ]
    stages = [
        (
            *(stage.node, stage.part, stage.inputs, stage.outputs, stage.masks, stage.copy),
            # What is given to a function has no place in the constructor.
            str(stage.step) if stage.part is None else "",
        )
        for stage in plan.stages
    ]
    return repr((plan.takes, plan.gives, dict(plan.titles), modules, weights, stages))


def _skeleton(call: Call) -> str:
    blank = iter(lambda: Expression("_"), None)
    return str(_filled_in(call, blank))
