"""Regularizers, constraints and frozen layers train as Keras's `fit` does."""

from typing import Any

import keras
import pytest
import torch

from models.check import check
from models.export.pytorch import source
from models.network import build
from models.parse import parse
from tests.models.documents import chain
from tests.models.training.against_keras import answers_apart, trained
from tests.models.training.described import Described, described
from tests.models.training.plain import curve

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CLOSE = 1e-5
L1 = {"type": "l1", "l1": 0.02}
L2 = {"type": "l2", "l2": 0.03}
BOTH = {"type": "l1_l2", "l1": 0.01, "l2": 0.02}


def dense(**params: Any) -> tuple[str, dict[str, Any]]:
    return "Dense", {"units": 7, "activation": "relu", **params}


def conv(**params: Any) -> tuple[str, dict[str, Any]]:
    return "Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu", **params}


def over_rows(name: str, *layers: tuple[str, dict[str, Any]]) -> Described:
    return described(name, *layers)


def over_images(name: str, *layers: tuple[str, dict[str, Any]]) -> Described:
    return described(name, *layers, ("Flatten", {}), shape=(2, 5, 5))


def over_sequences(name: str, *layers: tuple[str, dict[str, Any]]) -> Described:
    return described(name, *layers, shape=(4, 3))


def both_ways(kind: str, **params: Any) -> tuple[str, dict[str, Any]]:
    return "Bidirectional", {"layer": {"type": kind, "units": 4, **params}}


def each_step(kind: str, **params: Any) -> tuple[str, dict[str, Any]]:
    return "TimeDistributed", {"layer": {"type": kind, **params}}


REGULARIZED = [
    over_rows("l1", dense(kernel_regularizer=L1)),
    over_rows("l2 of the biases", dense(bias_regularizer=L2, bias_initializer="ones")),
    over_rows("both", dense(kernel_regularizer=BOTH, bias_regularizer=BOTH)),
    over_rows("rows", dense(kernel_regularizer="orthogonal_regularizer")),
    over_rows(
        "columns",
        dense(
            kernel_regularizer={
                "type": "orthogonal_regularizer",
                "factor": 0.5,
                "mode": "columns",
            }
        ),
    ),
    over_rows("outputs", dense(activity_regularizer=BOTH)),
    over_rows("two layers", dense(kernel_regularizer=L1), dense(activity_regularizer=L2)),
    over_rows("nothing", dense(kernel_regularizer="l1_l2", activity_regularizer="l1_l2")),
    over_images("filters", conv(kernel_regularizer=L2, activity_regularizer=L1)),
    over_images("pixels", ("Dense", {"units": 3, "kernel_regularizer": "orthogonal_regularizer"})),
    over_images(
        "channels apart, then mixed",
        (
            "SeparableConv2D",
            {"filters": 4, "depthwise_regularizer": L1, "pointwise_regularizer": BOTH},
        ),
    ),
    over_sequences(
        "memory",
        (
            "LSTM",
            {
                "units": 5,
                "recurrent_regularizer": "orthogonal_regularizer",
                "kernel_regularizer": L1,
            },
        ),
    ),
    over_sequences(
        "every step",
        (
            "GRU",
            {
                "units": 5,
                "return_sequences": True,
                "activity_regularizer": L2,
                "bias_regularizer": L1,
            },
        ),
        ("Flatten", {}),
    ),
    over_sequences(
        "both ways",
        both_ways("GRU", kernel_regularizer=L1, recurrent_regularizer=L2, bias_regularizer=BOTH),
    ),
    over_sequences("what both ways give", both_ways("LSTM", activity_regularizer=BOTH)),
    over_sequences(
        "every step both ways",
        both_ways("GRU", activity_regularizer=L1, return_sequences=True),
        ("Flatten", {}),
    ),
    over_sequences(
        "the same at each step",
        each_step("Dense", units=4, kernel_regularizer=L1, bias_regularizer=BOTH),
        ("Flatten", {}),
    ),
    over_rows(
        "scale and shift",
        ("BatchNormalization", {"gamma_regularizer": L1, "beta_regularizer": L2}),
        dense(),
    ),
]
MAX = {"type": "max_norm", "max_value": 0.4}
BETWEEN = {"type": "min_max_norm", "min_value": 0.5, "max_value": 0.7, "rate": 0.3}
CONSTRAINED = [
    over_sequences(
        "filters over time",
        ("Conv1D", {"filters": 4, "kernel_size": 2, "kernel_constraint": {**MAX, "axis": [0, 1]}}),
        ("Flatten", {}),
    ),
    over_rows("max_norm", dense(kernel_constraint=MAX)),
    over_rows("max_norm of the outputs", dense(kernel_constraint={**MAX, "axis": -1})),
    over_rows("unit_norm of all", dense(kernel_constraint={"type": "unit_norm", "axis": [0, 1]})),
    over_rows("min_max_norm", dense(kernel_constraint=BETWEEN, bias_constraint="non_neg")),
    over_rows("biases", dense(bias_constraint=MAX, bias_initializer="ones")),
    over_images("filters", conv(kernel_constraint={"type": "unit_norm", "axis": [0, 1, 2]})),
    over_images("windows", conv(kernel_constraint={**MAX, "axis": [0, 1]})),
    over_images("pixels", ("Dense", {"units": 3, "kernel_constraint": "unit_norm"})),
    over_images(
        "units on pixels",
        ("Dense", {"units": 3, "kernel_constraint": {"type": "unit_norm", "axis": -1}}),
    ),
    over_images("rows of each channel", ("DepthwiseConv2D", {"depthwise_constraint": MAX})),
    over_images(
        "all channels of a filter",
        (
            "DepthwiseConv2D",
            {"depth_multiplier": 2, "depthwise_constraint": {**MAX, "axis": [0, 2]}},
        ),
    ),
    over_images(
        "all filters of a channel",
        (
            "SeparableConv2D",
            {
                "filters": 3,
                "depth_multiplier": 2,
                "depthwise_constraint": {"type": "unit_norm", "axis": -1},
                "pointwise_constraint": {**MAX, "axis": 2},
            },
        ),
    ),
    over_images(
        "spread filters",
        ("Conv2DTranspose", {"filters": 3, "kernel_constraint": {**MAX, "axis": [0, 1, 2]}}),
    ),
    over_sequences(
        "gates",
        (
            "GRU",
            {
                "units": 5,
                "kernel_constraint": MAX,
                "recurrent_constraint": {**MAX, "axis": 1},
                "bias_constraint": {"type": "max_norm", "max_value": 0.01},
            },
        ),
    ),
    over_sequences(
        "both ways",
        both_ways(
            "LSTM",
            kernel_constraint=MAX,
            recurrent_constraint={**MAX, "axis": -1},
            bias_constraint="non_neg",
        ),
    ),
    over_sequences(
        "the same at each step",
        each_step("Dense", units=4, activation="tanh", kernel_constraint=MAX),
        each_step("BatchNormalization", gamma_constraint="non_neg"),
        ("Flatten", {}),
    ),
    over_rows(
        "scale and shift",
        ("BatchNormalization", {"gamma_constraint": MAX, "beta_constraint": "non_neg"}),
        dense(),
    ),
]
FROZEN = [
    over_rows("dense", dense(trainable=False), dense()),
    over_rows(
        "without penalty and limits",
        dense(trainable=False, kernel_regularizer=L2, kernel_constraint=MAX),
        dense(kernel_regularizer=L1),
    ),
    over_rows(
        "still with a penalty on outputs", dense(), dense(trainable=False, activity_regularizer=L1)
    ),
    over_rows("averages", dense(), ("BatchNormalization", {"trainable": False})),
    over_sequences("memory", ("LSTM", {"units": 4, "trainable": False})),
    over_sequences(
        "both ways",
        both_ways("GRU", trainable=False, kernel_regularizer=L2, activity_regularizer=L1),
    ),
    over_sequences(
        "the same at each step",
        each_step("Dense", units=4, trainable=False),
        each_step("BatchNormalization", trainable=False),
        ("Flatten", {}),
    ),
]


@pytest.mark.parametrize("case", [*REGULARIZED, *CONSTRAINED, *FROZEN], ids=lambda case: case.name)
def test_training_draws_the_curves_of_fit(case: Described) -> None:
    settings = {"type": "SGD", "learning_rate": 0.1}
    events, theirs, *networks = trained(
        case,
        {"epochs": 2, "optimizer": settings},
        validation=33,
        optimizer=keras.optimizers.SGD(0.1),
    )
    assert curve(events) == pytest.approx(theirs["loss"], abs=CLOSE)
    assert curve(events, split="validation") == pytest.approx(theirs["val_loss"], abs=CLOSE)
    assert answers_apart(case, *networks) < CLOSE


@pytest.mark.parametrize("case", [*REGULARIZED, *CONSTRAINED, *FROZEN], ids=lambda case: case.name)
def test_the_printed_source_has_the_same_penalty_and_limits(case: Described) -> None:
    architecture = parse(chain(*case.layers, shape=list(case.input_shape)))
    network = build(architecture, seed=1)
    printed: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(architecture), "printed.py", "exec"), printed)
    again = printed["build"](seed=1)
    x = case.shaped(case.examples(5, seed=4).x)

    torch.testing.assert_close(again(x), network(x), atol=0, rtol=0)
    assert ("penalty" in printed) == network.penalized
    if network.penalized:
        torch.testing.assert_close(printed["penalty"](again), network.penalty())
    assert ("constrain" in printed) == network.constrained
    if network.constrained:
        printed["constrain"](again)
        network.constrain()
    for name, value in network.named_parameters():
        torch.testing.assert_close(again.get_parameter(name), value, atol=0, rtol=0)
        assert again.get_parameter(name).requires_grad == value.requires_grad


def test_a_network_without_regularizers_and_constraints_has_nothing_to_compute() -> None:
    network = build(parse(chain(dense(), shape=[4])))
    assert not network.penalized
    assert not network.constrained


def test_frozen_weights_count_but_are_not_trained() -> None:
    report = check(parse(chain(dense(trainable=False), dense(), shape=[4])))
    assert report.parameters == (4 * 7 + 7) + (7 * 7 + 7)
    assert report.trainable_parameters == 7 * 7 + 7


def test_frozen_weights_of_a_layer_inside_another_are_not_trained() -> None:
    report = check(parse(chain(both_ways("LSTM", trainable=False), dense(), shape=[5, 3])))
    assert report.parameters == 2 * 4 * 4 * (3 + 4 + 1) + (8 * 7 + 7)
    assert report.trainable_parameters == 8 * 7 + 7


def test_a_penalty_on_outputs_leaves_nothing_in_an_exported_program() -> None:
    network = build(parse(chain(dense(activity_regularizer=L1), shape=[4]))).eval()
    x = torch.randn(2, 4)
    exported = torch.export.export(
        network, (x,), dynamic_shapes=(({0: torch.export.Dim("rows")},),)
    )
    torch.testing.assert_close(exported.module()(x), network(x))


def test_a_softmax_whose_outputs_are_penalized_still_suits_classes() -> None:
    case = described("softmax")
    layers = [("Dense", {"units": 3, "activation": "softmax", "activity_regularizer": L1})]
    report = check(
        parse(chain(*layers, shape=[6])), case.prepared(2).interface, "CategoricalCrossentropy"
    )
    assert report.problems == []


@pytest.mark.parametrize(
    ("kind", "param", "value"),
    [
        ("Conv2D", "kernel_regularizer", "orthogonal_regularizer"),
        ("Conv2D", "kernel_constraint", {"type": "max_norm", "axis": 4}),
        ("Conv2D", "kernel_constraint", {"type": "unit_norm", "axis": [0, -5]}),
        ("Dense", "bias_constraint", {"type": "unit_norm", "axis": 1}),
        ("Dense", "kernel_regularizer", {"type": "orthogonal_regularizer", "mode": "rows"}),
    ],
)
def test_what_does_not_suit_a_weight_is_told_at_its_parameter(
    kind: str, param: str, value: Any
) -> None:
    (problem,) = check(parse(chain((kind, {param: value}), shape=[1, 5, 5]))).problems[:1]
    assert problem.severity == "error"
    assert problem.code == param.removeprefix("kernel_").removeprefix("bias_") + "_misfit"
    assert problem.where.path == ["params", param]


@pytest.mark.parametrize(
    ("param", "value"),
    [
        ("bias_constraint", {"type": "unit_norm", "axis": 3}),
        ("recurrent_constraint", {"type": "max_norm", "axis": [0, 2]}),
    ],
)
def test_what_does_not_suit_a_weight_inside_is_told_at_its_parameter(
    param: str, value: Any
) -> None:
    (problem,) = check(parse(chain(both_ways("GRU", **{param: value}), shape=[5, 3]))).problems
    assert problem.code == "constraint_misfit"
    assert problem.where.path == ["params", "layer", param]
