"""Layers around another: masks, problems of the layer inside and how they are mended."""

from typing import Any

import pytest
import torch

from models.check import check
from models.errors import DocumentError
from models.layers import LAYERS
from models.layers.base import Layer, Shape
from models.layers.inner import written
from models.modules.wrappers import steps_back
from models.network import build
from models.parse import parse
from models.plan import plan
from tests.models.documents import chain
from tests.models.fixes import apply
from tests.models.layers.cases import CASES
from tests.models.layers.test_recurrence import WITH_HOLES
from tests.models.layers.twins import batch_for, keras_model, network_of
from tests.models.problems import only_error
from tests.models.test_masks import EMBEDDING, masks_of, same_as_keras

# Keras's variables do not know numpy 2's copy keyword yet; it warns where a mask ends.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning"),
]


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("merge_mode", ["concat", "mul"])
def test_both_ways_leave_out_what_does_not_count(
    kind: str, return_sequences: bool, merge_mode: str
) -> None:
    inside = {"type": kind, "units": 2, "return_sequences": return_sequences}
    both = ("Bidirectional", {"layer": inside, "merge_mode": merge_mode})
    sent = chain(("Embedding", EMBEDDING), both, ("BatchNormalization", {}), shape=[5])
    same_as_keras(sent, WITH_HOLES.float())
    assert masks_of(sent) == {"layer_1_mask"}


@pytest.mark.parametrize("return_sequences", [False, True])
def test_what_does_not_count_is_not_penalized(return_sequences: bool) -> None:
    penalty = {"type": "l1_l2", "l1": 0.1, "l2": 0.2}
    inside = {"type": "LSTM", "units": 2, "return_sequences": return_sequences}
    both = ("Bidirectional", {"layer": {**inside, "activity_regularizer": penalty}})
    sent = chain(("Embedding", EMBEDDING), both, shape=[5])
    network = same_as_keras(sent, WITH_HOLES.float())

    theirs = keras_model(parse(sent), network)
    theirs(WITH_HOLES.float())
    torch.testing.assert_close(network.penalty(), sum(theirs.losses))


def test_both_ways_begin_alike_where_a_seed_says_so() -> None:
    inside = {"type": "GRU", "units": 3, "kernel_initializer": {"type": "he_normal", "seed": 3}}
    network = build(parse(chain(("Bidirectional", {"layer": inside}), shape=[5, 3])), seed=0)
    there, back = (
        network.get_parameter(f"layer_1.{side}_layer.weight_ih_l0")
        for side in ("forward", "backward")
    )
    assert torch.equal(there, back)


REFUSED: list[tuple[Any, list[str], str]] = [
    ({"type": "LSTM", "units": 0}, ["params", "layer", "units"], "at least 1 for units of LSTM"),
    ({"type": "LSTM", "unit": 3}, ["params", "layer", "unit"], "Did you mean units"),
    ("LTSM", ["params", "layer"], "LSTM"),
    ("Dense", ["params", "layer"], "SimpleRNN"),
    (
        {"type": "GRU", "bias_initializer": {"type": "constant", "value": "x"}},
        ["params", "layer", "bias_initializer", "value"],
        "a number",
    ),
]


@pytest.mark.parametrize("refused", REFUSED, ids=str)
def test_what_is_wrong_inside_is_told_at_its_place(refused: tuple[Any, list[str], str]) -> None:
    value, path, told = refused
    with pytest.raises(DocumentError) as raised:
        parse(chain(("Bidirectional", {"layer": value}), shape=[5, 3]))
    (problem,) = raised.value.problems
    assert problem.where.path == path
    assert told in problem.message


def test_a_layer_that_reads_backwards_already_is_turned_round() -> None:
    inside = {"type": "GRU", "units": 3, "go_backwards": True}
    architecture = parse(chain(("Bidirectional", {"layer": inside}), shape=[5, 3]))
    (problem,) = check(architecture).problems
    assert problem.where.path == ["params", "layer", "go_backwards"]
    mended = apply(problem.fix, architecture)
    assert mended.nodes[1].params == {"layer": {"type": "GRU", "units": 3}}
    assert check(mended).ok


def test_a_layer_inside_is_written_as_short_as_it_can_be() -> None:
    layer = LAYERS["Bidirectional"].model_validate({"layer": {"type": "GRU", "units": 32}})
    assert layer.model_dump(mode="json")["layer"] == "GRU"
    assert LAYERS["Bidirectional"].model_json_schema()["properties"]["layer"]["default"] == "LSTM"


def each(inside: Any) -> tuple[str, dict[str, Any]]:
    return "TimeDistributed", {"layer": inside}


FITTING = [
    (layer, shapes[0])
    for layer, shapes in {type(layer): (layer, shapes) for layer, shapes in CASES}.values()
    if layer.arity == (1, 1) and len(shapes[0]) < 4
]


@pytest.mark.parametrize("case", FITTING, ids=lambda case: type(case[0]).__name__)
def test_any_layer_does_at_each_step_what_it_does_alone(case: tuple[Layer, Shape]) -> None:
    layer, shape = case
    times = LAYERS["TimeDistributed"].model_validate({"layer": written(layer)})
    whole = {1: (3, *shape), 2: (*shape[1:], 3, shape[0]), 3: (shape[0], 3, *shape[1:])}
    batch = batch_for(layer, 4, shape), batch_for(layer, 4, shape, seed=2)
    steps = [*(entry[0] for entry in batch), batch[0][0].flip(0)]

    # Filled from the same seed, both have the same weights.
    alone, timed = network_of(layer, shape).eval(), network_of(times, whole[len(shape)]).eval()
    with torch.no_grad():
        outputs = timed(steps_back(torch.stack(steps, 1)))
        expected = torch.stack([alone(step) for step in steps], 1)
    torch.testing.assert_close(outputs, steps_back(expected))


NORMAL = ("BatchNormalization", {"momentum": 0.5})


def test_a_mask_goes_to_each_step_and_on_to_the_layers_behind() -> None:
    normal = each({"type": "BatchNormalization", "momentum": 0.5})
    sent = chain(
        ("Embedding", EMBEDDING), each({"type": "Dense", "units": 2}), normal, NORMAL, shape=[5]
    )
    same_as_keras(sent, WITH_HOLES.float())
    assert masks_of(sent) == {"layer_1_mask"}


def test_sequences_of_sequences_are_masked_step_by_step() -> None:
    series = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    series[0, :, 1, 2:], series[1, :, 3] = 0.0, 0.0
    inside = each({"type": "GRU", "units": 2, "return_sequences": True})
    sent = chain(("Masking", {}), inside, NORMAL, shape=[3, 4, 5])
    same_as_keras(sent, series)


def test_a_mask_that_does_not_fit_what_comes_out_ends() -> None:
    sent = chain(
        ("Masking", {}), each({"type": "GRU", "units": 2}), ("LSTM", {"units": 2}), shape=[3, 4, 5]
    )
    assert masks_of(sent) == {"layer_1_mask"}
    assert [stage.masks for stage in plan(parse(sent)).stages if stage.node == "layer_3"] == [()]


def test_each_step_is_dropped_out_by_itself() -> None:
    network = build(parse(chain(each({"type": "Dropout", "rate": 0.5}), shape=[4, 1000]))).train()
    torch.manual_seed(0)
    outputs = network(torch.ones(1, 4, 1000))
    assert len({tuple(step.tolist()) for step in outputs[0]}) == 4
    torch.manual_seed(0)
    assert torch.equal(network(torch.ones(1, 4, 1000)), outputs)


UNFIT: list[tuple[Any, list[int], list[str | int], str]] = [
    ("Dense", [4], [], "a row of shape (4,)"),
    ("LSTM", [4, 3], ["params", "layer"], "At each step: Expected a sequence"),
    ({"type": "Conv2D", "filters": 2}, [4, 4, 9], ["params", "layer"], "an image"),
    (
        {"type": "Conv2D", "filters": 2, "kernel_size": 9},
        [1, 3, 4, 8],
        ["params", "layer", "kernel_size"],
        "kernel_size (9, 9)",
    ),
    ("Embedding", [3, 4, 5], ["params", "layer"], "codes"),
    (
        {"type": "Dense", "activity_regularizer": "l2"},
        [3, 4],
        ["params", "layer", "activity_regularizer"],
        "which does not heed it",
    ),
    (
        {"type": "Bidirectional", "layer": {"type": "GRU", "activity_regularizer": "l2"}},
        [3, 4, 5],
        ["params", "layer", "layer", "activity_regularizer"],
        "which does not heed it",
    ),
    (
        {"type": "TimeDistributed", "layer": {"type": "Conv1D", "kernel_size": 7}},
        [2, 3, 4, 5],
        ["params", "layer", "layer", "kernel_size"],
        "At each step: At each step: Expected a window",
    ),
]


@pytest.mark.parametrize("unfit", UNFIT, ids=str)
def test_what_does_not_suit_a_step_is_told_and_mended(unfit: Any) -> None:
    inside, shape, path, told = unfit
    architecture = parse(chain(each(inside), shape=shape))
    problem = only_error(architecture)
    assert told in problem.message
    assert problem.where.path == path
    report = check(apply(problem.fix, architecture))
    assert report.ok, report.problems


def test_pixels_of_each_image_can_be_connected() -> None:
    architecture = parse(chain(each({"type": "Dense", "units": 2}), shape=[1, 3, 4, 5]))
    (problem,) = check(architecture).problems
    assert problem.severity == "suggestion"
    report = check(apply(problem.fix, architecture))
    assert report.problems == []
    assert report.nodes["layer_1"].input_shapes == [[3, 20]]


@pytest.mark.parametrize(
    ("inside", "shape"),
    [
        ("BatchNormalization", (4, 3)),
        ({"type": "Conv2D", "filters": 2, "padding": "same", "strides": 2}, (1, 3, 5, 5)),
        ({"type": "LSTM", "units": 2}, (2, 3, 4)),
    ],
)
@pytest.mark.filterwarnings("ignore:The tensor attributes:UserWarning")  # torch's own LSTM does
def test_steps_can_be_exported_for_any_batch(inside: Any, shape: Shape) -> None:
    network = build(parse(chain(each(inside), shape=list(shape))), seed=0).eval()
    rows = torch.export.Dim("rows", min=1, max=1024)
    x = torch.randn(5, *shape)
    exported = torch.export.export(network, (x[:2],), dynamic_shapes=(({0: rows},),)).module()
    for count in (1, 5):
        torch.testing.assert_close(exported(x[:count]), network(x[:count]))
