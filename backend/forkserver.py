"""The one door by which the web process starts processes that know torch."""

import importlib
import multiprocessing
import os
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext
from typing import Any

from models.lifeline import die_with_parent

context: ForkServerContext = multiprocessing.get_context("forkserver")
"""Its processes begin with torch imported and one training step done (`backend.warm`)."""
context.set_forkserver_preload(["backend.warm"])
SPINS = "10000"
"""How often a thread of a computation looks for its next work before it sleeps, for libgomp.

Its own default, 30 times as often, keeps a core from whoever needs it: beside any other busy
process, a training on two threads then takes several times as long.
"""


def start() -> None:
    """Start the fork server without waiting for it; it warms up while the server answers."""
    # Read where the library is loaded, hence of the environment that the process begins with.
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)
    forkserver.ensure_running()


def outlive_server() -> None:
    """Let go of the fork server, so that it ends with the server though this process goes on.

    Every process that it starts is handed what keeps it and its resource tracker alive.
    """
    for holder, name in (
        (getattr(forkserver, "_forkserver"), "_forkserver_alive_fd"),  # noqa: B009
        (getattr(resource_tracker, "_resource_tracker"), "_fd"),  # noqa: B009
    ):
        if (held := getattr(holder, name)) is not None:
            os.close(held)
            setattr(holder, name, None)


def begin(nice: int) -> None:
    """Set up a process of the engine: its priority, and that it ends with the server."""
    die_with_parent()
    os.nice(nice)


def perform(name: str, args: tuple[Any, ...]) -> tuple[str, Any]:
    """Carry out `backend.work.<name>(*args)` in a process of the engine.

    The module is named, not imported, because it imports torch and the web process must not.
    """
    return importlib.import_module("backend.work").perform(name, args)
