"""Real workers in which one function waits for the test, or fails as it asks."""

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from backend.runs import process


@dataclass(frozen=True)
class Gate:
    """The function waits until the gate is open; where it waits can be seen."""

    path: Path

    @property
    def reached(self) -> bool:
        """True once a worker waits, or has waited."""
        return self._mark.exists()

    def open(self) -> None:
        self.path.touch()

    def __call__(self) -> None:
        self._mark.touch()
        while not self.path.exists():
            time.sleep(0.005)

    @property
    def _mark(self) -> Path:
        return self.path.with_suffix(".reached")


@dataclass(frozen=True)
class Fault:
    """The function raises, at each call after the first few."""

    error: Exception
    spared: int = 0

    def __call__(self) -> None:
        calls = _CALLS[self] = _CALLS.get(self, 0) + 1
        if calls > self.spared:
            raise self.error


@dataclass(frozen=True)
class Outage:
    """The function raises as long as the outage lasts; what it was called in vain can be seen."""

    path: Path
    error: Exception

    @property
    def felt(self) -> bool:
        """True once a worker has met it."""
        return self._mark.exists()

    def begin(self) -> None:
        self.path.touch()

    def end(self) -> None:
        self.path.unlink()

    def __call__(self) -> None:
        if self.path.exists():
            self._mark.touch()
            raise self.error

    @property
    def _mark(self) -> Path:
        return self.path.with_suffix(".felt")


_CALLS: dict[Fault, int] = {}


def rig(patch: pytest.MonkeyPatch, place: str, first: Callable[[], None]) -> None:
    """Have every worker that is started from now on do `first` whenever it calls a function.

    Args:
        place: The function, as the worker finds it: "backend.runs.worker:prepare".
    """
    patch.setattr(process, "enter", partial(_enter, place, first))


def _enter(place: str, first: Callable[[], None], module: str, *args: Any) -> None:
    """Begin a worker; runs in its process."""
    owner_name, _, path = place.partition(":")
    owner: Any = importlib.import_module(owner_name)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    function = getattr(owner, name)

    def rigged(*arguments: Any, **options: Any) -> Any:
        first()
        return function(*arguments, **options)

    setattr(owner, name, rigged)
    importlib.import_module(module).main(*args)
