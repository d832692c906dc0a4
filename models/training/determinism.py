"""Deterministic training: operations that give the same bits whenever they are given the same.

Beside that it takes one thread, as sums are split among threads, and the steps one by one, since
going over to captured ones is decided by measured times; `models.training.stepping` sees to both.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor

from models.errors import Fix, SetRecipe, refuse
from models.training import device as devices
from models.training.dry import ROWS
from models.training.stopping import Snapshot
from models.training.watched import Watched, watched
from models.training.work import Work

SIGN = "deterministic"
"""Stands in every error of PyTorch's about an operation that cannot promise the same bits."""


@contextmanager
def only(wanted: bool) -> Iterator[None]:
    """Refuse, in the block, operations that may give other bits the next time, if it is wanted."""
    if not wanted:
        yield
        return
    before = torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    # Read by CUDA's matrix products when they are first used.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warned)


def check_deterministic(work: Work) -> None:
    """Check that every operation of a step has a way that always gives the same bits.

    A step is tried on a few rows. It changes neither weights nor the random numbers drawn next.

    Raises:
        DocumentError: a layer has none; `where` names it.
    """
    state = Snapshot(work.state())
    state.take(0)
    drawn = devices.random_state(work.device)
    training = work.network.training
    work.network.train()
    seen = _Seen()
    with ExitStack() as stack:
        stack.callback(work.network.train, training)
        stack.callback(devices.set_random_state, work.device, drawn)
        stack.callback(state.restore)
        stack.enter_context(seen.watching(watched(work.network)))
        stack.enter_context(only(True))
        try:
            loss, _, _ = work.forward(
                [x[:ROWS].clone() for x in work.inputs],
                [y[:ROWS].clone() for y in work.targets],
                [w if w is None else w[:ROWS] for w in work.row_weights],
            )
            torch.autograd.grad(loss, work.parameters)
        except RuntimeError as error:
            if SIGN not in str(error):
                raise
            raise _refusal(seen.last, str(error)) from error


class _Seen:
    """The layer that was last entered, on the way forth or back."""

    def __init__(self) -> None:
        self.last: Watched | None = None

    @contextmanager
    def watching(self, layers: list[Watched]) -> Iterator[None]:
        with ExitStack() as stack:
            for layer in layers:
                if layer.block:
                    continue
                for module in layer.modules:
                    entered = module.register_forward_pre_hook(lambda *_, at=layer: self._enter(at))
                    left = module.register_forward_hook(
                        lambda _, __, output, at=layer: self._leave(at, output)
                    )
                    stack.callback(entered.remove)
                    stack.callback(left.remove)
            yield

    def _enter(self, layer: Watched) -> None:
        self.last = layer

    def _leave(self, layer: Watched, output: object) -> None:
        """Go out of a layer; the way back comes in where its output's gradient is known."""
        self.last = None
        for tensor in output if isinstance(output, tuple) else (output,):
            if isinstance(tensor, Tensor) and tensor.requires_grad:
                tensor.register_hook(lambda _: self._enter(layer))


def _refusal(layer: Watched | None, error: str) -> Exception:
    where = f'layer "{layer.path}"' if layer is not None else "loss"
    operation = error.partition(" does not")[0].strip()
    without = SetRecipe(values={"deterministic": False})
    return refuse(
        "not_deterministic",
        f"Expected operations that give the same bits every time, got a {where} whose operation "
        f"{operation} has no such way on this device. Replace the layer, choose another device, or "
        "leave deterministic out.",
        Fix(title="Leave deterministic out", changes=[without]),
        node=layer.node if layer is not None else None,
        path=["deterministic"],
    )
