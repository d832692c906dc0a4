"""How a training ends, what its events tell on the way, and what it leaves behind."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import torch

from models.errors import DocumentError
from models.network import build
from models.parse import parse
from models.training.events import TERMINAL, Layers, Metrics, Progress, Status
from models.training.loop import train
from tests.models.documents import chain
from tests.models.training.cases import BINARY, CASES, CLASSES, IMAGES, REGRESSION
from tests.models.training.plain import apart, curve, plain_loop, torch_step, trainable

pytestmark = pytest.mark.usefixtures("way")

HUGE = {"type": "SGD", "learning_rate": 1e6}


def state(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(tensor, second[name]) for name, tensor in first.items())


def after(count: int) -> Callable[[], bool]:
    """Return a question that is answered yes from the asking `count` on."""
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > count

    return stop


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_a_training_tells_every_epoch_and_ends_with_a_terminal_status(case):
    events = list(train(case.network(), case.prepared(validation=20), case.recipe()))
    told = [(e.epoch, e.split) for e in events if isinstance(e, Metrics) and e.scope == "epoch"]
    assert told == [(n, split) for n in range(1, 5) for split in ("train", "validation")]
    states = [event for event in events if isinstance(event, Status)]
    assert [(s.state, s.message) for s in states] == [("completed", "Trained for 4 epochs")]
    assert events[-1] is states[0]


def test_the_first_point_comes_after_one_step_and_steps_only_grow():
    events = list(train(REGRESSION.network(), REGRESSION.prepared(), REGRESSION.recipe()))
    steps = [event.step for event in events if isinstance(event, Metrics)]
    assert steps[0] == 1
    assert all(before <= later for before, later in pairwise(steps))
    progress = [event for event in events if isinstance(event, Progress)]
    assert (progress[0].step, progress[-1].step) == (1, 20)
    assert {event.steps_per_epoch for event in progress} == {5}
    assert progress[-1].seconds_left == 0
    assert progress[0].samples_per_second > 0


def test_statistics_of_layers_are_those_of_their_weights(case):
    network = case.network()
    *_, told = (e for e in train(network, case.prepared(), case.recipe()) if isinstance(e, Layers))
    assert list(told.nodes) == [name for name, m in network.named_children() if "_act" not in name]
    for name, statistics in told.nodes.items():
        module = network.get_submodule(name)
        own = [p.detach().flatten() for p in module.parameters() if p.requires_grad]
        if not own:
            assert statistics.weights is None
            continue
        values = torch.cat(own)
        assert statistics.weights is not None
        assert statistics.weights.mean == pytest.approx(float(values.mean()), abs=1e-6)
        assert statistics.weights.std == pytest.approx(float(values.std(correction=0)), abs=1e-6)
        assert statistics.gradients is not None


def test_early_stopping_without_a_validation_part_names_what_can_be_watched():
    recipe = BINARY.recipe(early_stopping={"monitor": "val_loss"})
    with pytest.raises(DocumentError, match=r"val_loss.*loss, accuracy"):
        list(train(BINARY.network(), BINARY.prepared(), recipe))


def test_early_stopping_on_an_accuracy_waits_for_it_to_rise():
    rule = {"monitor": "accuracy", "patience": 2, "restore_best": True}
    network, recipe = CLASSES.network(), CLASSES.recipe(epochs=60, early_stopping=rule)
    events = list(train(network, CLASSES.prepared(), recipe))
    values = curve(events, "accuracy")
    best = values.index(max(values)) + 1
    assert len(values) == best + 2 < 60
    again = CLASSES.network()
    list(train(again, CLASSES.prepared(), CLASSES.recipe(epochs=best)))
    assert apart(network, again) == 0


def test_without_restoring_the_weights_of_the_last_epoch_are_kept():
    rule = {"monitor": "val_loss", "patience": 1, "restore_best": False}
    optimizer = {"type": "Adam", "learning_rate": 0.1}
    network = BINARY.network()
    recipe = BINARY.recipe(epochs=100, early_stopping=rule, optimizer=optimizer)
    events = list(train(network, BINARY.prepared(validation=20), recipe))
    epochs = len(curve(events))
    again = BINARY.network()
    list(train(again, BINARY.prepared(), BINARY.recipe(epochs=epochs, optimizer=optimizer)))
    assert epochs < 100
    assert "checkpoint" not in {event.kind for event in events}
    assert apart(network, again) == 0


def test_a_training_settles_when_no_weight_changes_by_as_much_as_the_tolerance():
    optimizer = {"type": "SGD", "learning_rate": 0.1}
    recipe = REGRESSION.recipe(optimizer=optimizer, tolerance=0.004, batch_size="all", epochs=500)
    network = REGRESSION.network()
    plain = REGRESSION.in_pytorch(network)
    events = list(train(network, REGRESSION.prepared(), recipe))
    step = torch_step(trainable(plain), torch.optim.SGD(trainable(plain), lr=0.1))
    parameters, taken = trainable(plain), 0
    part = REGRESSION.prepared().train
    change = math.inf
    while change >= 0.004:
        before = [parameter.detach().clone() for parameter in parameters]
        loss = REGRESSION.criterion(plain(part.x), part.y).mean()
        step(list(torch.autograd.grad(loss, parameters)))
        pairs = zip(parameters, before, strict=True)
        change = max(float((now.detach() - then).abs().max()) for now, then in pairs)
        taken += 1
    assert 1 < taken < 500
    assert events[-1].state == "completed"
    assert events[-1].message.startswith(f"Settled at step {taken}:")
    assert len(curve(events)) == taken
    assert apart(network, plain) < 1e-6


def test_a_diverged_training_keeps_the_weights_of_the_last_finite_epoch():
    network = REGRESSION.network()
    initial = state(network)
    events = list(train(network, REGRESSION.prepared(), REGRESSION.recipe(optimizer=HUGE)))
    end = events[-1]
    assert end.state == "diverged"
    assert "step" in end.message
    assert "learning rate 1e+06" in end.message
    assert "the beginning" in end.message
    assert equal(state(network), initial)
    assert [event.values for event in events if event.kind == "metrics"][-1] == {"loss": None}


def test_weights_that_are_not_finite_after_the_last_step_are_noticed_without_a_further_loss():
    # One step of the whole data an epoch: its loss is finite, the weights after it are not.
    optimizer = {"type": "SGD", "learning_rate": 1e6, "weight_decay": 1e6, "momentum": 1.0}
    network = REGRESSION.network()
    with torch.no_grad():
        next(network.parameters()).fill_(3e30)
    prepared = REGRESSION.prepared()
    prepared.train.x.mul_(1e-30)
    recipe = REGRESSION.recipe(optimizer=optimizer, batch_size="all", epochs=1)
    *_, end = train(network, prepared, recipe)
    assert isinstance(end, Status)
    assert end.state == "diverged"
    assert all(bool(p.isfinite().all()) for p in network.parameters())


def test_a_training_that_diverges_late_keeps_what_it_had_learnt():
    # The rate grows too large only with the third epoch's data: 16 rows of a huge target.
    schedule = {"type": "InverseTimeDecay", "decay_steps": 1, "decay_rate": 0}
    prepared, network = REGRESSION.prepared(), REGRESSION.network()
    events: list[Any] = []
    for event in train(network, prepared, REGRESSION.recipe(epochs=10, schedule=schedule)):
        events.append(event)
        if event.kind == "metrics" and event.scope == "epoch" and event.epoch == 2:
            kept = state(network)
            prepared.train.y.fill_(math.inf)
    assert events[-1].state == "diverged"
    assert "epoch 2" in events[-1].message
    assert equal(state(network), kept)


def test_a_stop_ends_the_training_within_the_epoch_and_keeps_its_weights():
    network = REGRESSION.network()
    initial = state(network)
    recipe = REGRESSION.recipe(epochs=100_000)
    events = list(train(network, REGRESSION.prepared(), recipe, stop=after(3)))
    assert events[-1].state == "stopped"
    assert not equal(state(network), initial)
    assert not network.training


def test_a_stop_before_the_first_step_changes_nothing():
    network = REGRESSION.network()
    initial = state(network)
    events = list(train(network, REGRESSION.prepared(), REGRESSION.recipe(), stop=lambda: True))
    assert events[-1].state == "stopped"
    assert equal(state(network), initial)


def test_a_stop_with_early_stopping_hands_back_the_best_weights():
    rule = {"monitor": "loss", "patience": 50, "restore_best": True}
    network = REGRESSION.network()
    recipe = REGRESSION.recipe(epochs=100_000, early_stopping=rule)
    events = list(train(network, REGRESSION.prepared(), recipe, stop=after(5)))
    bests = [event.epoch for event in events if event.kind == "checkpoint"]
    assert events[-1].state == "stopped"
    assert events[-1].message.endswith(f"best epoch, {bests[-1]}")


@pytest.fixture
def threads() -> Iterator[int]:
    """A number of threads other than what a training would choose."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield 3
    torch.set_num_threads(before)


@pytest.mark.parametrize("end", ["closed", "finished", "failed"])
def test_whatever_ends_it_threads_mode_and_layout_are_put_back(threads, end):
    network, prepared = IMAGES.network(), IMAGES.prepared()
    events = train(network, prepared, IMAGES.recipe(epochs=3), threads=1)
    next(events)
    assert torch.get_num_threads() == 1
    if end == "closed":
        events.close()
    elif end == "finished":
        list(events)
    else:
        with pytest.raises(KeyError):
            events.throw(KeyError("the worker failed"))
    assert torch.get_num_threads() == threads
    assert not network.training
    assert all(p.is_contiguous() and p.requires_grad for p in network.parameters())
    with torch.inference_mode():
        assert network(prepared.train.x).isfinite().all()


def test_a_network_may_be_trained_again_after_its_training_was_cancelled():
    network = REGRESSION.network()
    events = train(network, REGRESSION.prepared(), REGRESSION.recipe())
    next(events)
    events.close()
    *_, end = train(network, REGRESSION.prepared(), REGRESSION.recipe())
    assert isinstance(end, Status)
    assert end.state in TERMINAL


def test_a_network_without_weights_is_refused():
    network = build(parse(chain(("Flatten", {}), shape=[1])), seed=0)
    with pytest.raises(DocumentError, match="Add a Dense layer"):
        list(train(network, REGRESSION.prepared(), REGRESSION.recipe()))


def test_the_number_of_a_plain_loops_steps_is_that_of_the_recipe():
    prepared, network = REGRESSION.prepared(rows=33), REGRESSION.network()
    plain = REGRESSION.in_pytorch(network)
    counted = 0
    optimizer = torch.optim.SGD(trainable(plain), lr=0.01)
    inner = torch_step(trainable(plain), optimizer)

    def step(gradients: list[torch.Tensor]) -> None:
        nonlocal counted
        counted += 1
        inner(gradients)

    recipe = REGRESSION.recipe()
    *_, progress, _ = train(network, prepared, recipe)
    plain_loop(REGRESSION, plain, prepared.train, recipe, step)
    assert isinstance(progress, Progress)
    assert progress.step == counted == 12
