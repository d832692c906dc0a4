"""What a diagnosis is, and what it says when it finds something."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from models.errors import Change, Fix, SetParams, Severity
from models.training.doctor.case import Case
from models.training.watched import Watched

Moment = Literal["start", "look", "epoch", "end"]


@dataclass(frozen=True)
class Sign:
    """Something that was found.

    Attributes:
        message: the evidence, in words and numbers, and what to do.
        layer: that it is about; None where it is about the run as a whole.
        fix: a change that mends it, where there is one.
    """

    message: str
    layer: Watched | None = None
    fix: Fix | None = None


class Diagnosis:
    """Base of everything that the doctor can find.

    The docstring is its page: what it means, how it is seen, why the thresholds are what they are.

    Attributes:
        code: stable name, in snake_case.
        title: what it is called.
        severity: how much it harms.
        moments: when it is looked for: before the first step, when layers were looked at, after
            epochs, at the end.
        follows: codes of what it may be a mere consequence of; once one of them was told in a run,
            it is not.
        remedy: what can be done, for the page.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity] = "warning"
    moments: ClassVar[tuple[Moment, ...]]
    follows: ClassVar[tuple[str, ...]] = ()
    remedy: ClassVar[str]

    def signs(self, case: Case) -> Iterator[Sign]:
        """Yield what there is to see at this moment."""
        raise NotImplementedError

    @classmethod
    def summary(cls) -> str:
        """Return the first sentence of its page."""
        return inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def fix(title: str, *changes: Change) -> Fix:
    """Return a fix of these changes, each once: copies of a block have their layers in common."""
    return Fix(title=title, changes=[c for at, c in enumerate(changes) if c not in changes[:at]])


def set_params(layer: Watched, params: dict[str, Any]) -> SetParams:
    """Return a change of a layer's parameters; inside a Block, in every use of that block."""
    return SetParams(node=layer.own, params=params, block=layer.within)


def in_block(layer: Watched) -> str:
    """Return what a title says of where a layer lies."""
    return f" in every block {layer.within}" if layer.within is not None else ""


def share(value: float) -> str:
    """Return 0.416 as "42%"."""
    return f"{100 * value:.0f}%"


def number(value: float) -> str:
    """Return a number with three digits."""
    return f"{value:.3g}"
