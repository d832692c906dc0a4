"""What losses, optimizers, schedules and metrics say of themselves in source is what they are."""

import math
from typing import Any

import keras
import numpy as np
import pytest
import torch
from sklearn import metrics as sklearn_metrics
from torch.nn import functional

from models.objectives import functions, scores
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.metrics.base import Metric
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES, ReduceLROnPlateau
from models.objectives.tallies import Tallies
from models.resolve import make
from tests.models.objectives.test_losses import CASES, Case
from tests.models.objectives.test_optimizers import SETTINGS
from tests.models.objectives.test_schedules import KERAS, STEPS

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def carried_out(source: str, **names: Any) -> Any:
    return eval(source, {"keras": keras, "F": functional, **vars(functions), **names})


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_loss_is_written_in_pytorch_as_the_function_that_it_is(case: Case) -> None:
    criterion = case.criterion
    logits, answers = case.outputs()
    raw, targets = logits if criterion.from_logits else answers, criterion.targets(case.y())
    if case.width == 1 and case.classes is not None and case.loss.takes != "numbers":
        raw_both = torch.cat([torch.zeros_like(raw) if criterion.from_logits else 1 - raw, raw], 1)
    else:
        raw_both = raw
    told = case.loss.torch(criterion.from_logits)

    function = carried_out(told.name)
    found = function(raw_both, targets, **told.kwargs)

    if case.loss.combine == "root_mean_square":
        found = found.sqrt()
    torch.testing.assert_close(found, criterion.value(raw, targets))


# Keras has no RootMeanSquaredError; the tests of scripts run the function that is brought along.
IN_KERAS = [case for case in CASES if case.name != "RootMeanSquaredError"]


@pytest.mark.parametrize("case", IN_KERAS, ids=str)
def test_a_loss_is_written_in_keras_as_keras_has_it(case: Case) -> None:
    theirs = carried_out(str(case.loss.keras()))
    expected = getattr(keras.losses, case.name)(**case.settings)
    assert theirs.get_config() == expected.get_config()


@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_an_optimizer_is_written_in_keras_as_keras_has_it(
    name: str, settings: dict[str, Any]
) -> None:
    declared = OPTIMIZERS[name](**settings)
    theirs = carried_out(str(declared.keras())).get_config()
    for field, value in declared.model_dump().items():
        assert theirs[field] == pytest.approx(value), field


@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=str)
def test_an_optimizer_is_written_in_pytorch_as_a_call_that_works(
    name: str, settings: dict[str, Any]
) -> None:
    weight = torch.nn.Parameter(torch.ones(3, 4))
    optimizer = make(OPTIMIZERS[name](**settings).torch(), [weight])
    weight.square().sum().backward()
    optimizer.step()
    assert (weight < 1).all()


SCHEDULED = [
    *KERAS,
    ("CosineDecay", {}),
    ("CosineDecay", {"warmup_target": 0.5, "warmup_steps": 8}),
    ("PolynomialDecay", {}),
    ("PiecewiseConstantDecay", {"boundaries": [5, 20], "values": [0.5, 0.1, 1.0]}),
]


@pytest.mark.parametrize(("name", "settings"), SCHEDULED, ids=str)
def test_a_schedule_is_written_in_keras_with_its_rates(name: str, settings: dict[str, Any]) -> None:
    declared = SCHEDULES[name](**settings)
    theirs = carried_out(str(declared.keras(0.1)), steps=STEPS)
    ours = declared.begin(0.1, STEPS)
    for step in range(STEPS):
        assert float(theirs(step)) == pytest.approx(ours.of(step), rel=1e-5, abs=1e-7)


PLATEAUS = [
    {},
    {"patience": 0, "factor": 0.5},
    {"patience": 2, "min_delta": 0.3, "cooldown": 2, "min_lr": 0.01},
    {"patience": 1, "cooldown": 1, "factor": 0.5},
    {"patience": 1, "cooldown": 3, "monitor": "val_accuracy"},
]


@pytest.mark.parametrize("settings", PLATEAUS, ids=str)
def test_reduce_on_plateau_is_written_in_pytorch_with_its_rates(settings: dict[str, Any]) -> None:
    declared = ReduceLROnPlateau(**settings)
    ours = declared.begin(0.1, STEPS)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    theirs = make(declared.torch(), optimizer)
    chance = np.random.default_rng(0)
    for epoch in range(40):
        value = float(chance.normal() / (1 + epoch))
        ours.after_epoch({declared.monitor: value})
        theirs.step(value)
        assert optimizer.param_groups[0]["lr"] == pytest.approx(ours.of(0)), epoch


@pytest.mark.parametrize("settings", PLATEAUS, ids=str)
def test_reduce_on_plateau_is_written_in_keras_as_keras_has_it(settings: dict[str, Any]) -> None:
    theirs = carried_out(str(ReduceLROnPlateau(**settings).keras(0.1)))
    for name, value in ReduceLROnPlateau(**settings).model_dump().items():
        assert getattr(theirs, name) == value
    assert theirs.mode == ("max" if "accuracy" in theirs.monitor else "min")


UNUSUAL = {
    "auc": [{"curve": "PR"}, {"average": "weighted"}],
    "binary_iou": [{"target_class_ids": [1]}],
    "f1_score": [{"threshold": 0.7}, {"average": "micro"}],
    "specificity": [{"threshold": 0.3}],
    "true_positives": [{"threshold": 0.6}],
    "top_k_categorical_accuracy": [{"k": 2}],
}


def scored() -> list[tuple[Metric, int, int]]:
    """Return every metric, each with numbers of classes and of outputs that suit it."""
    found = []
    for name, kind in METRICS.items():
        for settings in [{}, *UNUSUAL.get(name, [])]:
            metric = kind.model_validate(settings)
            for classes, width in ((0, 1), (2, 1), (2, 2), (4, 4)):
                task = "classification" if classes else "regression"
                fits = metric.tasks is None or task in metric.tasks
                if fits and not (classes and metric.misfit(classes)):
                    found.append((metric, classes, width))
    return found


@pytest.mark.filterwarnings("ignore:'k' .* greater than or equal to:UserWarning")
@pytest.mark.parametrize(
    ("metric", "classes", "width"), scored(), ids=lambda v: getattr(v, "label", str(v))
)
def test_a_metric_is_written_as_a_function_that_gives_it(
    metric: Metric, classes: int, width: int
) -> None:
    chance = torch.Generator().manual_seed(0)
    raw = torch.randn(200, width, generator=chance)
    if classes:
        y = torch.randint(classes, (200,), generator=chance)
        loss = "BinaryCrossentropy" if width == 1 else "CategoricalCrossentropy"
        activation = "sigmoid" if width == 1 else "softmax"
        criterion = Criterion(LOSSES[loss](), activation, width, tuple("abcd"[:classes]))
        outputs = criterion.answers(raw.double()).numpy()
        shares = criterion.probabilities(raw.double()).numpy()
        found = criterion.predicted(raw).numpy()
    else:
        raw, y = raw.abs(), torch.rand(200, 1, generator=chance)
        criterion = Criterion(LOSSES["MeanSquaredError"](), "linear", 1, None)
        outputs, shares, found = raw.numpy(), None, raw[:, 0].double().numpy()
    answered = {"classes": "found", "probabilities": "shares", "second": "shares[:, 1]"}
    source = metric.scored(classes).source({**answered, "numbers": "found", "outputs": "outputs"})
    expected = y.reshape(-1).numpy()
    values = {"expected": expected, "found": found, "shares": shares, "outputs": outputs}

    theirs = eval(source, {"metrics": sklearn_metrics, **vars(scores), **values})

    tallies = Tallies(criterion, [metric])
    told = tallies.of(raw, y, y.double().mean())
    read = tallies.read(told.sums, [told.kept] if told.kept else [])
    ours = metric.value(read[metric.tally()])
    assert ours is not None
    assert not math.isnan(ours)
    assert theirs == pytest.approx(ours, rel=1e-6, abs=1e-9)
