"""Layers around another: masks, problems of the layer inside and how they are mended."""

from typing import Any

import pytest
import torch

from models.check import check
from models.errors import DocumentError
from models.layers import LAYERS
from models.network import build
from models.parse import parse
from tests.models.documents import chain
from tests.models.fixes import apply
from tests.models.layers.test_recurrence import WITH_HOLES
from tests.models.layers.twins import keras_model
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
