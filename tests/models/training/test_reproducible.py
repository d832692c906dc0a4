"""The same seed gives the same weights, bit for bit; another seed gives others."""

from typing import Any

import pytest
import torch
from torch import nn

from models.network import Network, build
from models.parse import parse
from models.training.loop import train
from tests.models.documents import chain
from tests.models.training.cases import CASES, CLASSES, IMAGES, Case
from tests.models.training.plain import apart, plain_loop, torch_step, trainable

pytestmark = pytest.mark.usefixtures("way")

DROPOUT = ("Dropout", {"rate": 0.4})
NORMALIZED = ("BatchNormalization", {})


def with_layers(case: Case, *extra: tuple[str, dict[str, Any]]) -> Network:
    """Return the case's network with further layers before its last one."""
    layers = [*case.layers[:-1], *extra, case.layers[-1]]
    document = chain(*layers, shape=list(case.input_shape))
    return build(parse(document), case.prepared(rows=2).interface, seed=3)


def trained(case: Case, *extra: Any, **changes: Any) -> Network:
    network = with_layers(case, *extra)
    list(train(network, case.prepared(validation=30), case.recipe(**changes)))
    return network


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("extra", [(), (DROPOUT, NORMALIZED)], ids=["plain", "random"])
def test_two_trainings_of_one_seed_are_equal_bit_for_bit(case, extra):
    assert apart(trained(case, *extra), trained(case, *extra)) == 0


def test_another_seed_gives_another_order():
    assert apart(trained(CLASSES), trained(CLASSES, seed=6)) > 1e-4


def test_what_else_draws_random_numbers_in_the_process_changes_nothing():
    first = trained(IMAGES, DROPOUT)
    torch.rand(100)
    assert apart(first, trained(IMAGES, DROPOUT)) == 0


def test_dropped_units_are_those_of_a_plain_loop():
    network = with_layers(CLASSES, DROPOUT)
    plain = nn.Sequential(
        *(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 8), nn.Tanh()),
        *(nn.Dropout(0.4), nn.Linear(8, 3)),
    )
    plain.load_state_dict(dict(zip(plain.state_dict(), network.state_dict().values(), strict=True)))
    recipe = CLASSES.recipe(optimizer={"type": "SGD", "learning_rate": 0.05})
    part = CLASSES.prepared().train
    list(train(network, CLASSES.prepared(), recipe))
    optimizer = torch.optim.SGD(trainable(plain), lr=0.05)
    plain_loop(CLASSES, plain, part, recipe, torch_step(trainable(plain), optimizer))
    assert apart(network, plain) < 1e-6
