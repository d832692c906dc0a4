"""Python laid out as a formatter would: on one line while it fits, else in the usual steps."""

import unicodedata
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, Union

from models.call import Call, repr_argument
from models.layers.base import Step

LINE = 100
"""Longest line."""
_STEP = 4


@dataclass(frozen=True)
class Group:
    """Things between brackets: a call, whose head is `f(`, or a list or tuple, `[` or `(`."""

    head: str
    items: tuple["Piece", ...]
    kind: Literal["call", "sequence"] = "call"

    @property
    def tail(self) -> str:
        """The closing bracket."""
        return {"(": ")", "[": "]"}[self.head[-1]]


@dataclass(frozen=True)
class Infix:
    """Operands with an operator between them, such as " + "."""

    operator: str
    items: tuple[str, ...]


Piece = Union[str, Group, Infix]  # noqa: UP007 - "Piece" stands in its own definition


def flat(piece: Piece) -> str:
    """Return a piece on one line."""
    match piece:
        case Group(head=head, items=items):
            return f"{head}{', '.join(map(flat, items))}{piece.tail}"
        case Infix(operator=operator, items=items):
            return operator.join(items)
        case _:
            return piece


def call_piece(call: Call, keyword: str = "") -> Group:
    """Return a call, as the argument of this keyword if there is one."""
    arguments: list[Piece] = [_argument(value) for value in call.args]
    arguments += [_argument(value, f"{key}=") for key, value in call.kwargs.items()]
    return Group(f"{keyword}{call.name}(", tuple(arguments))


def _argument(value: Any, keyword: str = "") -> Piece:
    return call_piece(value, keyword) if isinstance(value, Call) else keyword + repr_argument(value)


INFIX = {
    "operator.add": " + ",
    "operator.mul": " * ",
    "operator.sub": " - ",
    "operator.truediv": " / ",
    "operator.ne": " != ",
    "operator.or_": " | ",
}


def expression(
    step: Step, inputs: tuple[str, ...], masks: tuple[tuple[str, str], ...] = ()
) -> Piece:
    """Return a step that is not a module as Python over these variables; masks have keywords."""
    name = step.call.name
    arguments = tuple(repr_argument(value) for value in step.call.args)
    options = [f"{key}={repr_argument(value)}" for key, value in step.call.kwargs.items()]
    options += [f"{keyword}={mask}" for keyword, mask in masks]
    if step.kind == "list":
        listed = Group("[", inputs, "sequence")
        return Group(f"{name}(", (listed, *arguments, *options))
    if step.kind == "function":
        return Group(f"{name}(", (*inputs, *arguments, *options))
    if name in INFIX:
        return Infix(INFIX[name], (*inputs, *arguments))
    return reduce(lambda before, value: Group(f"{name}(", (before, value)), (*inputs, *arguments))


def statement(piece: Piece, indent: int = 0, before: str = "", room: int = 0) -> list[str]:
    """Return the lines of `piece` at this many spaces.

    `before` begins the line, such as "x = "; `room` is left at its end, for a comma.
    """
    space = " " * indent
    line = f"{space}{before}{flat(piece)}"
    if len(line) + room <= LINE or isinstance(piece, str):
        return [line]
    if isinstance(piece, Group) and (not before or indent + len(before + piece.head) <= LINE):
        return [space + line for line in _broken(piece, indent, before)]
    # Neither the name nor what it is called with leaves room: brackets around all of it.
    inner = statement(piece, indent + _STEP) if isinstance(piece, Group) else _infix(piece, indent)
    return [f"{space}{before}(", *inner, f"{space})"]


def assignment(targets: tuple[str, ...], piece: Piece, indent: int) -> list[str]:
    """Return the lines that give names to what `piece` gives, at this many spaces."""
    before = f"{', '.join(targets)} = "
    head = flat(piece) if isinstance(piece, str) else getattr(piece, "head", "")
    if len(targets) == 1 or indent + len(before + head) <= LINE:
        return statement(piece, indent, before=before)
    space = " " * indent
    first, *rest = statement(piece, indent, before=") = ")
    return [f"{space}(", *(f"{space}    {name}," for name in targets), first, *rest]


def plain(text: str) -> str:
    """Return a user's text as one line that can do nothing inside a docstring or a comment."""
    shown = " ".join(text.split())
    return (
        "".join(letter if letter.isprintable() else "?" for letter in shown)
        .replace("\\", "/")
        .replace('"', "'")
    )


def cut(text: str, width: int) -> str:
    """Return the beginning of a text that is at most this wide."""
    used = 0
    for index, letter in enumerate(text):
        used += _width(letter)
        if used > width:
            return text[:index].rstrip()
    return text


def wrapped(text: str, width: int) -> list[str]:
    """Return the words of a text in lines that are at most this wide; longer words are cut."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and sum(map(_width, joined)) <= width:
            lines[-1] = joined
            continue
        while word:
            lines.append(cut(word, width))
            word = word[len(lines[-1]) :]
    return lines


def _width(letter: str) -> int:
    """Return how many columns a letter takes; some are two wide."""
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _infix(piece: Infix, indent: int) -> list[str]:
    space = " " * (indent + _STEP)
    if len(line := space + flat(piece)) <= LINE:
        return [line]
    operator = piece.operator.strip()
    first, *rest = piece.items
    return [space + first, *(f"{space}{operator} {item}" for item in rest)]


def _broken(group: Group, indent: int, before: str = "") -> list[str]:
    """Return a group over several lines, each without the indent that all of them share."""
    step = " " * _STEP
    inner = ", ".join(map(flat, group.items))
    if group.kind == "call" and indent + _STEP + len(inner) <= LINE:
        return [before + group.head, step + inner, group.tail]
    lines = [before + group.head]
    for item in group.items:
        line = f"{flat(item)},"
        if indent + _STEP + len(line) <= LINE or not isinstance(item, Group):
            lines.append(step + line)
        else:
            *most, last = _broken(item, indent + _STEP)
            lines += [step + part for part in (*most, f"{last},")]
    return [*lines, group.tail]
