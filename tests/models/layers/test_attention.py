"""Attention under masks, in time and in training, held against Keras or worked by hand."""

import math
from typing import Any

import pytest
import torch
from torch.fx.experimental.proxy_tensor import make_fx

from models.check import check
from models.export.keras import source as keras_source
from models.layers import LAYERS
from models.network import build
from models.parse import parse
from tests.models.documents import Document, chain, document
from tests.models.fixes import apply
from tests.models.layers.twins import alone, answer, keras_twin, network_of
from tests.models.problems import errors
from tests.models.test_masks import SERIES, masks_of, same_as_keras

# Keras's variables do not know numpy 2's copy keyword yet; it warns where a mask ends.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning"),
]

WITH_HOLES = torch.tensor([[0, 2, 0, 0, 3], [1, 2, 3, 0, 0], [0, 0, 0, 0, 0]]).float()
EMBEDDING = ("Embedding", {"input_dim": 4, "output_dim": 3, "mask_zero": True})
HEADS = {"num_heads": 2, "key_dim": 2}
GROUPS = {"num_query_heads": 4, "num_key_value_heads": 2, "head_dim": 2}

KINDS: list[tuple[str, dict[str, Any]]] = [
    ("Attention", {}),
    ("Attention", {"score_mode": "concat", "use_causal_mask": True}),
    ("Attention", {"use_scale": True, "use_causal_mask": True}),
    ("AdditiveAttention", {}),
    ("AdditiveAttention", {"use_causal_mask": True}),
    ("MultiHeadAttention", HEADS),
    ("MultiHeadAttention", HEADS | {"use_causal_mask": True}),
    ("MultiHeadAttention", HEADS | {"sliding_window": 2, "use_gate": True}),
    ("GroupQueryAttention", GROUPS | {"use_causal_mask": True}),
]
over_kinds = pytest.mark.parametrize("kind", KINDS, ids=str)


def looks(kind: tuple[str, dict[str, Any]], inputs: str) -> Document:
    """Return codes as query and a series as value; `inputs` are the values that the layer takes."""
    wires = " ".join(f"{name}>looks" for name in inputs.split())
    return document(
        ("codes", "Input", {"shape": [5]}),
        ("series", "Input", {"shape": [5, 3]}),
        ("query", *EMBEDDING),
        ("value", "Masking", {}),
        ("key", "Dense", {"units": 3}),
        ("looks", *kind),
        ("both", "Concatenate", {"axis": 1}),
        ("normal", "BatchNormalization", {}),
        ("output", "Output", {}),
        wires=f"codes>query series>value value>key {wires} looks>both key>both both>normal "
        "normal>output",
    )


@over_kinds
def test_a_sequence_looks_at_those_of_its_steps_that_count(kind: tuple[str, Any]) -> None:
    sent = chain(EMBEDDING, kind, ("GRU", {"units": 2}), shape=[5])
    same_as_keras(sent, WITH_HOLES)
    assert masks_of(sent) == {"layer_1_mask"}


@over_kinds
@pytest.mark.parametrize("inputs", ["query value", "query value key"])
def test_a_sequence_looks_at_those_steps_of_another_that_count(
    kind: tuple[str, Any], inputs: str
) -> None:
    same_as_keras(looks(kind, inputs), WITH_HOLES, SERIES)


def test_wires_go_to_the_inputs_that_they_name() -> None:
    sent = looks(("MultiHeadAttention", HEADS), "")
    sent["edges"] += [
        {"source": "key", "target": "looks", "port": "key"},
        {"source": "value", "target": "looks", "port": "value"},
        {"source": "query", "target": "looks", "port": "query"},
    ]
    same_as_keras(sent, WITH_HOLES, SERIES)


def test_a_block_of_a_transformer_is_that_of_keras() -> None:
    sent = document(
        ("series", "Input", {"shape": [5, 3]}),
        ("looks", "MultiHeadAttention", HEADS | {"use_causal_mask": True}),
        ("add", "Add", {}),
        ("normal", "BatchNormalization", {}),
        ("dense", "Dense", {"units": 3, "activation": "gelu"}),
        ("again", "Add", {}),
        ("output", "Output", {}),
        wires="series>looks series>add looks>add add>normal normal>dense normal>again "
        "dense>again again>output",
    )
    same_as_keras(sent, SERIES)


@pytest.mark.parametrize(
    "kind",
    [
        ("Attention", {"use_causal_mask": True}),
        ("AdditiveAttention", {"use_causal_mask": True}),
        ("MultiHeadAttention", HEADS | {"use_causal_mask": True}),
    ],
    ids=str,
)
def test_a_causal_mask_hides_the_future(kind: tuple[str, Any]) -> None:
    network = build(parse(chain(kind, shape=[5, 3])), seed=0)
    x = SERIES[2:].clone()
    later = x.clone()
    later[:, 3:] = 7.0
    before, after = network(x), network(later)
    torch.testing.assert_close(before[:, :3], after[:, :3], atol=0, rtol=0)
    assert not torch.allclose(before[:, 3:], after[:, 3:])


def test_a_sequence_of_which_nothing_counts_has_finite_gradients() -> None:
    network = build(parse(chain(EMBEDDING, KINDS[5], ("GRU", {"units": 2}), shape=[5])), seed=0)
    network(torch.zeros(2, 5)).sum().backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in network.parameters())


@pytest.mark.parametrize(
    "kind",
    [
        ("Attention", {"dropout": 0.4}),
        ("AdditiveAttention", {"dropout": 0.4}),
        ("MultiHeadAttention", HEADS | {"dropout": 0.4}),
    ],
    ids=str,
)
def test_dropout_spreads_outputs_as_that_of_keras_does(kind: tuple[str, Any]) -> None:
    name, params = kind
    layer = LAYERS[name].model_validate(params)
    network = network_of(layer, (5, 3)).train()
    x = SERIES[2].expand(20_000, 5, 3)
    torch.manual_seed(0)
    with torch.no_grad():
        ours = network(x)
        expected = answer(keras_twin(layer, network, (5, 3)), [x], training=True)
    for of in (torch.mean, torch.std):
        torch.testing.assert_close(of(ours, 0), of(expected, 0), atol=0.015, rtol=0.03)
    network.eval()
    torch.testing.assert_close(network(x[:1]), network(x[:1]), atol=0, rtol=0)


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[5], KINDS[6], KINDS[7]], ids=str)
def test_attention_can_be_captured_and_exported_for_any_batch(kind: tuple[str, Any]) -> None:
    network = build(parse(chain(EMBEDDING, kind, shape=[5])), seed=0).eval()
    captured = make_fx(lambda codes: network(codes))(WITH_HOLES)
    torch.testing.assert_close(captured(WITH_HOLES), network(WITH_HOLES))
    rows = torch.export.Dim("rows", min=1, max=1024)
    exported = torch.export.export(network, (WITH_HOLES,), dynamic_shapes=(({0: rows},),)).module()
    torch.testing.assert_close(exported(WITH_HOLES[:1]), network(WITH_HOLES[:1]))


def test_waves_are_those_of_attention_is_all_you_need() -> None:
    layer = LAYERS["SinePositionEncoding"].model_validate({"max_wavelength": 100})
    waves = build(alone(layer, (3, 5)))(torch.randn(2, 3, 5))

    speeds = [1, 1, 100 ** (-2 / 5), 100 ** (-2 / 5), 100 ** (-4 / 5)]
    of = [math.sin, math.cos, math.sin, math.cos, math.sin]
    by_hand = [
        [wave(time * speed) for wave, speed in zip(of, speeds, strict=True)] for time in range(3)
    ]
    torch.testing.assert_close(waves, torch.tensor(by_hand).expand(2, 3, 5))


def test_a_position_has_the_same_vector_in_every_example() -> None:
    layer = LAYERS["PositionEmbedding"].model_validate({"sequence_length": 8})
    network = network_of(layer, (3, 4))
    table = network.get_parameter("layer.position_embeddings")
    assert table.shape == (8, 4)
    assert torch.equal(network(torch.randn(2, 3, 4)), table[:3].expand(2, 3, 4))


MISFITS: list[tuple[str, dict[str, Any], list[tuple[int, ...]], str]] = [
    ("MultiHeadAttention", {}, [(6,)], "rank_mismatch"),
    ("MultiHeadAttention", {"attention_axes": [3]}, [(2, 4, 4)], "axis_mismatch"),
    ("MultiHeadAttention", {"attention_axes": [2]}, [(5, 3)], "axis_mismatch"),
    ("MultiHeadAttention", {"attention_axes": [1]}, [(2, 4, 4), (2, 4, 5)], "shape_mismatch"),
    ("MultiHeadAttention", {"use_causal_mask": True}, [(2, 4, 4)], "no_order"),
    ("MultiHeadAttention", {"sliding_window": 2}, [(2, 4, 4)], "no_order"),
    ("GroupQueryAttention", {"num_key_value_heads": 3}, [(5, 3)], "groups_mismatch"),
    ("PositionEmbedding", {"sequence_length": 4}, [(5, 3)], "sequence_too_long"),
]


@pytest.mark.parametrize("misfit", MISFITS, ids=str)
def test_what_does_not_fit_is_told_with_a_fix_that_works(misfit: Any) -> None:
    name, params, shapes, code = misfit
    architecture = alone(LAYERS[name].model_validate(params), *shapes)
    (problem,) = errors(architecture)
    assert problem.code == code
    assert problem.where.node == "layer"
    assert errors(apply(problem.fix, architecture)) == []


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("MultiHeadAttention", [(5, 3), (2, 4, 4)]),
        ("MultiHeadAttention", [(5, 3), (7, 3), (6, 3)]),
        ("Attention", [(5, 3), (7, 3), (6, 3)]),
        ("Attention", [(5, 3), (7, 4)]),
        ("AdditiveAttention", [(5, 3, 2)]),
        ("GroupQueryAttention", [(5, 3), (7, 4)]),
        ("SinePositionEncoding", [(5,)]),
    ],
)
def test_what_does_not_fit_names_what_was_got(name: str, shapes: list[tuple[int, ...]]) -> None:
    (problem,) = errors(alone(LAYERS[name].model_validate({}), *shapes))
    assert problem.code in ("rank_mismatch", "shape_mismatch")
    assert problem.message.startswith("Expected ")


def test_operations_count_every_look() -> None:
    layer = LAYERS["MultiHeadAttention"].model_validate(HEADS | {"use_bias": False})
    report = check(alone(layer, (5, 3)))
    projections = 5 * (3 * 4 * 2) * 4
    looked = 2 * 2 * (5 * 5 * 2 * 2)
    assert report.nodes["layer"].flops == projections + looked + 5 * 3


def test_the_keras_source_of_positions_takes_them_from_their_library() -> None:
    sent = chain(("PositionEmbedding", {"sequence_length": 5}), shape=[5, 3])
    text = keras_source(parse(sent))
    assert "import keras\nimport keras_hub\nfrom keras import layers\n" in text
    assert "keras_hub.layers.PositionEmbedding(5)" in text
