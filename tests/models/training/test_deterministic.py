"""A deterministic training gives the same bits on any number of threads, in pieces, any day."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import MethodType
from typing import Any

import pytest
import torch
from torch import Tensor

from models.errors import DocumentError
from models.network import Network
from models.training import capture, loop, stepping
from models.training import device as devices
from models.training.determinism import only
from models.training.loop import train
from tests.models.training.cases import CASES, CLASSES, IMAGES, LSTM, Case
from tests.models.training.plain import apart
from tests.models.training.test_resume import after, fresh

AUGMENTED = {"augmentation": [{"type": "RandomRotation"}, {"type": "MixUp"}]}


@pytest.fixture(autouse=True)
def threads_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even these small networks take all the threads that are dealt to them."""
    monkeypatch.setattr(devices, "THREADED_WORK", 0)


def run(case: Case, threads: int | Callable[[], int] = 2, **changes: Any) -> Network:
    network = fresh(case)
    recipe = case.recipe(deterministic=True, **changes)
    list(train(network, case.prepared(validation=30), recipe, threads=threads))
    return network


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_two_runs_are_equal_bit_for_bit_on_any_number_of_threads(case):
    dealt = count(1)
    first = run(case, threads=1)
    assert apart(first, run(case, threads=2)) == 0
    assert apart(first, run(case, threads=lambda: 1 + next(dealt) % 2)) == 0


@pytest.mark.parametrize("case", [IMAGES, LSTM], ids=lambda case: case.name)
def test_an_interrupted_run_is_equal_bit_for_bit(case, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)
    changes = AUGMENTED if case is IMAGES else {}
    whole = run(case, **changes)
    recipe, file, ended = case.recipe(deterministic=True, **changes), tmp_path / "kept", False
    while not ended:
        network, data = fresh(case), case.prepared(validation=30)
        arguments = {"checkpoint": file, "resume": file.exists(), "pause": after(3), "threads": 2}
        *_, end = train(network, data, recipe, **arguments)
        ended = end.state == "completed"
    assert apart(network, whole) == 0


def test_it_takes_one_thread_and_its_steps_one_by_one(monkeypatch):
    monkeypatch.setattr(capture, "due", lambda *_: pytest.fail("it was about to be captured"))
    seen = set()
    take = stepping.Stepper.take

    def watched(self: Any, *arguments: Any) -> Any:
        taken = take(self, *arguments)
        seen.add(torch.get_num_threads())
        return taken

    monkeypatch.setattr(stepping.Stepper, "take", watched)
    run(CLASSES)
    assert seen == {1}


def test_what_else_is_computed_in_the_process_is_as_it_was():
    run(CLASSES)
    assert not torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        with only(True):
            assert not torch.is_deterministic_algorithms_warn_only_enabled()
        assert torch.is_deterministic_algorithms_warn_only_enabled()
    finally:
        torch.use_deterministic_algorithms(False)


def unsure(x: Tensor) -> Tensor:
    """Write without adding, which PyTorch does in any order: it promises no bits."""
    return x.clone().put_(torch.zeros(1, dtype=torch.int64), torch.zeros(1))


class UnsureBack(torch.autograd.Function):
    """Does nothing, and on the way back what promises no bits."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return unsure(gradient)


@pytest.mark.parametrize("way", [unsure, UnsureBack.apply], ids=["forth", "back"])
def test_a_layer_that_cannot_promise_the_same_bits_is_named(way):
    network = CLASSES.network()
    module = network.get_submodule("layer_2")
    forward = module.forward
    module.forward = MethodType(lambda self, x: way(forward(x)), module)
    with pytest.raises(DocumentError, match='layer "layer_2" whose operation put_') as told:
        list(train(network, CLASSES.prepared(), CLASSES.recipe(deterministic=True)))
    [problem] = told.value.problems
    assert (problem.code, problem.where.node) == ("not_deterministic", "layer_2")
    assert problem.fix is not None
    assert problem.fix.changes[0].model_dump()["values"] == {"deterministic": False}
    *_, end = train(network, CLASSES.prepared(), CLASSES.recipe())
    assert end.state == "completed"
