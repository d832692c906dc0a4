"""Whatever loss or metric of the catalogue is chosen, a training learns by it and tells it."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from models.errors import DocumentError
from models.evaluation import evaluate
from models.network import build
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.parse import parse
from models.training.events import Metrics, Status
from models.training.loop import train
from tests.models.documents import chain
from tests.models.training.cases import BINARY, CLASSES, REGRESSION, Case


def network_of(case: Case, outputs: int, activation: str) -> Any:
    """Return a network with one hidden layer that ends as asked."""
    hidden = ("Dense", {"units": 8, "activation": "tanh"})
    last = ("Dense", {"units": outputs, "activation": activation})
    document = chain(hidden, last, shape=list(case.input_shape))
    return build(parse(document), case.prepared(rows=2).interface, seed=1)


def endings(name: str) -> list[tuple[Case, int, str]]:
    """Return the data, widths and activations that a loss is for."""
    loss = LOSSES[name]
    if loss.tasks == ("regression",):
        return [(REGRESSION, 1, (loss.activations or ("linear",))[0])]
    found = [(BINARY, 1, "sigmoid"), (BINARY, 2, "softmax")]
    if loss.activations is not None:
        found += [(BINARY, 1, "tanh"), (BINARY, 1, "linear")]
    return found if loss.classes == "two" else [*found, (CLASSES, 3, "softmax")]


@pytest.mark.parametrize(
    ("name", "case", "outputs", "activation"),
    [
        pytest.param(name, *ending, id=f"{name}-{ending[1]}-{ending[2]}")
        for name in LOSSES
        for ending in endings(name)
    ],
)
def test_every_loss_falls_by_training(name: str, case: Case, outputs: int, activation: str) -> None:
    prepared = case.prepared()
    if LOSSES[name].lowest_target is not None:
        prepared.train.y.abs_()
    recipe = case.recipe(
        loss={"type": name}, epochs=12, optimizer={"type": "Adam", "learning_rate": 0.02}
    )

    events = list(train(network_of(case, outputs, activation), prepared, recipe, threads=1))

    losses = [e.values["loss"] for e in events if isinstance(e, Metrics) and e.scope == "epoch"]
    assert losses[-1] < losses[0]
    if case is BINARY:
        told = [e.values["accuracy"] for e in events if isinstance(e, Metrics)]
        assert told[-1] > 0.7


@pytest.mark.parametrize("case", [REGRESSION, BINARY, CLASSES], ids=lambda case: case.name)
def test_every_metric_that_suits_is_told_and_told_again_by_the_evaluation(case: Case) -> None:
    suiting = []
    for name, kind in METRICS.items():
        task = "regression" if case.classes == 1 else "classification"
        metric = kind(k=2) if name == "top_k_categorical_accuracy" else kind()
        if task in (metric.tasks or ()) and metric.misfit(case.classes) is None:
            suiting.append({"type": name, **metric.model_dump()})
    prepared, network = case.prepared(validation=40), case.network()
    recipe = case.recipe(metrics=suiting, epochs=2)

    events = list(train(network, prepared, recipe, threads=1))

    *_, last = (e for e in events if isinstance(e, Metrics) and e.split == "validation")
    assert prepared.validation is not None
    again = evaluate(network, prepared, prepared.validation, recipe)["metrics"]
    assert len(last.values) == len(suiting) + 1
    assert set(last.values) <= set(again)
    for name, value in last.values.items():
        # A prediction below 0 has no logarithm.
        assert value is not None or name == "poisson"
        assert again[name] == pytest.approx(value, abs=1e-6)


def test_a_metric_of_a_whole_training_epoch_is_that_of_its_examples() -> None:
    recipe = BINARY.recipe(
        metrics=["auc", "f1_score"], optimizer={"type": "SGD", "learning_rate": 1e-12}, epochs=1
    )
    prepared, network = BINARY.prepared(), BINARY.network()

    events = list(train(network, prepared, recipe, threads=1))

    told = next(e for e in events if isinstance(e, Metrics) and e.scope == "epoch").values
    again = evaluate(network, prepared, prepared.train, recipe)["metrics"]
    assert told["auc"] == pytest.approx(again["auc"])
    assert told["f1_score"] == pytest.approx(again["f1_score"])


def test_poisson_after_a_linear_output_is_refused_before_it_fails() -> None:
    recipe = REGRESSION.recipe(loss={"type": "Poisson"})
    with pytest.raises(DocumentError, match=r"softplus.*Poisson, got linear"):
        list(train(REGRESSION.network(), REGRESSION.prepared(), recipe))


def test_a_dice_loss_of_weighted_classes_is_multiplied_by_their_mean_weight() -> None:
    plain, weighted = BINARY.network(), BINARY.network()
    one = BINARY.recipe(loss={"type": "Dice"}, epochs=1, batch_size="all")
    rate = {"optimizer": {"type": "SGD", "learning_rate": 0.1}}
    once = one.model_copy(update={"class_weight": {"a": 3.0, "b": 3.0}})
    list(train(weighted, BINARY.prepared(), once.model_validate(once.model_dump() | rate)))
    thrice = {"optimizer": {"type": "SGD", "learning_rate": 0.3}}
    *_, end = train(plain, BINARY.prepared(), one.model_validate(one.model_dump() | thrice))
    assert isinstance(end, Status)
    assert math.isclose(_distance(plain, weighted), 0.0, abs_tol=1e-6)


def _distance(first: torch.nn.Module, second: torch.nn.Module) -> float:
    pairs: list[tuple[Tensor, Tensor]] = list(
        zip(first.parameters(), second.parameters(), strict=True)
    )
    return max(float((a - b).detach().abs().max()) for a, b in pairs)
