"""Masks go through a network as they do in Keras, and are computed only where a layer uses them."""

from typing import Any

import pytest
import torch
from torch import Tensor

from models.export.pytorch import source
from models.network import Network, build
from models.parse import parse
from models.plan import plan
from tests.models.documents import Document, chain, document
from tests.models.layers.twins import answer, keras_model

# Keras's variables do not know numpy 2's copy keyword yet; it warns where a mask ends.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning"),
]

NORMALIZED = ("BatchNormalization", {"momentum": 0.5})
CODES = [[3, 1, 0, 0, 0], [2, 2, 1, 0, 0], [0, 1, 3, 1, 2]]
EMBEDDING = {"input_dim": 4, "output_dim": 3, "mask_zero": True}
SERIES = torch.randn(3, 5, 3, generator=torch.Generator().manual_seed(0))
SERIES[0, 2:], SERIES[1, 4] = 0.0, 0.0
SERIES[2, 1, 0] = 0.0


def same_as_keras(sent: Document, *inputs: Tensor) -> Network:
    """Compare in training, in use after it, and the printed source with the network; return it."""
    architecture = parse(sent)
    network = build(architecture, seed=0).train()
    theirs = keras_model(architecture, network)
    for training in (True, False):
        network.train(training)
        with torch.no_grad():
            ours, printed = network(*inputs), printed_of(sent, network)(*inputs)
        given = list(inputs)
        torch.testing.assert_close(ours, answer(theirs, given, training), atol=1e-5, rtol=1e-5)
        if not training:
            torch.testing.assert_close(printed, ours, atol=0, rtol=0)
    return network


def printed_of(sent: Document, network: Network) -> Any:
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(parse(sent)), "printed.py", "exec"), namespace)
    again = namespace["build"]()
    again.load_state_dict(network.state_dict())
    return again.train(network.training)


def masks_of(sent: Document) -> set[str]:
    return {value for stage in plan(parse(sent)).stages for _, value in stage.masks}


def test_padding_codes_do_not_count_for_moments() -> None:
    sent = chain(("Embedding", EMBEDDING), ("Dense", {"units": 2}), NORMALIZED, shape=[5])
    network = same_as_keras(sent, torch.tensor(CODES, dtype=torch.float32))
    unmasked = build(parse(chain(("Embedding", EMBEDDING | {"mask_zero": False}), shape=[5])))
    kept = network.get_submodule("layer_1")(torch.tensor(CODES))
    assert masks_of(sent) == {"layer_1_mask"}
    assert kept.shape == unmasked(torch.tensor(CODES)).shape


def test_steps_without_data_do_not_count_for_moments() -> None:
    sent = chain(("Masking", {}), ("Dropout", {"rate": 0}), NORMALIZED, shape=[5, 3])
    same_as_keras(sent, SERIES)


@pytest.mark.parametrize("keepdims", [False, True])
def test_only_steps_that_count_enter_the_mean_over_time(keepdims: bool) -> None:
    pooling = ("GlobalAveragePooling1D", {"keepdims": keepdims})
    sent = chain(("Masking", {}), pooling, NORMALIZED, shape=[5, 3])
    same_as_keras(sent, SERIES)
    assert masks_of(sent) == {"layer_1_mask"}


@pytest.mark.parametrize("shape", [(3, 4), (3, 5, 4), (3, 3, 4, 5)])
def test_any_rank_can_be_masked(shape: tuple[int, ...]) -> None:
    values = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    values[0], values[1, ..., 0] = -1.0, -1.0
    same_as_keras(chain(("Masking", {"mask_value": -1}), NORMALIZED, shape=list(shape[1:])), values)


MERGES = [
    *((kind, {}) for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")),
    ("Concatenate", {}),
    ("Concatenate", {"axis": 1}),
]


def merge_of(kind: str, params: Any, first: str, second: str) -> Document:
    """Return a document that merges codes and a series, each through a layer of this kind."""
    return document(
        ("left", "Input", {"shape": [5]}),
        ("right", "Input", {"shape": [5, 3]}),
        ("embedding", "Embedding", EMBEDDING | {"mask_zero": first == "masked"}),
        ("branch", "Masking" if second == "masked" else "Activation", {}),
        ("both", kind, params),
        ("normal", *NORMALIZED),
        ("output", "Output", {}),
        wires="left>embedding right>branch embedding>both branch>both both>normal normal>output",
    )


@pytest.mark.parametrize(("kind", "params"), MERGES)
@pytest.mark.parametrize(
    ("first", "second"), [("masked", "masked"), ("masked", "plain"), ("plain", "masked")]
)
def test_masks_of_branches_are_put_together(
    kind: str, params: Any, first: str, second: str
) -> None:
    sent = merge_of(kind, params, first, second)
    same_as_keras(sent, torch.tensor(CODES, dtype=torch.float32), SERIES)
    dropped = "plain" in (first, second) and params == {}
    used = [stage for stage in plan(parse(sent)).stages if stage.node == "normal"]
    assert bool(used[0].masks) is not dropped


@pytest.mark.parametrize("kind", ["Multiply", "Maximum", "Minimum"])
@pytest.mark.parametrize("masked", ["001", "010", "110", "101", "011", "111"])
def test_masks_of_three_branches_are_heeded_in_their_order(kind: str, masked: str) -> None:
    numbers = ("1", "2", "3")
    sent = document(
        *((f"in_{number}", "Input", {"shape": [5, 3]}) for number in numbers),
        *(
            (f"branch_{number}", "Masking" if used == "1" else "Activation", {})
            for number, used in zip(numbers, masked, strict=True)
        ),
        ("all", kind, {}),
        ("normal", *NORMALIZED),
        ("output", "Output", {}),
        wires=" ".join(f"in_{n}>branch_{n} branch_{n}>all" for n in numbers)
        + " all>normal normal>output",
    )
    same_as_keras(sent, SERIES, SERIES.flip(1), SERIES.roll(1, 0) - 1)


@pytest.mark.parametrize("kind", ["Multiply", "Maximum"])
def test_an_image_is_merged_with_the_mask_of_its_pixels(kind: str) -> None:
    sent = document(
        ("image", "Input", {"shape": [2, 3, 4]}),
        ("channels", "Input", {"shape": [2]}),
        ("masked", "Masking", {"mask_value": 1}),
        ("both", kind, {}),
        ("output", "Output", {}),
        wires="image>masked masked>both channels>both both>output",
    )
    images = torch.randn(3, 2, 3, 4, generator=torch.Generator().manual_seed(2))
    images[0, :, 1], images[2, 0] = 1.0, 1.0
    same_as_keras(sent, images, images[:, :, 0, 0].contiguous())


@pytest.mark.parametrize(
    ("kind", "params", "passed"),
    [
        ("LayerNormalization", {}, True),
        ("GroupNormalization", {"groups": 3}, True),
        ("UnitNormalization", {}, True),
        ("RMSNormalization", {}, False),
        ("SpectralNormalization", {"layer": {"type": "Dense", "units": 2}}, True),
        ("SpectralNormalization", {"layer": {"type": "Conv1D", "filters": 2}}, False),
        ("Rescaling", {"scale": 2}, True),
        ("Normalization", {"mean": 1, "variance": 4}, True),
        ("Normalization", {}, True),
    ],
)
def test_layers_pass_masks_on_as_those_of_keras_do(kind: str, params: Any, passed: bool) -> None:
    sent = chain(("Masking", {}), (kind, params), NORMALIZED, shape=[5, 3])
    same_as_keras(sent, SERIES)
    assert bool(masks_of(sent)) is passed


def test_a_layer_that_moves_positions_drops_the_mask() -> None:
    sent = chain(("Masking", {}), ("Flatten", {}), NORMALIZED, shape=[5, 3])
    same_as_keras(sent, SERIES)
    assert masks_of(sent) == set()


def test_a_mask_that_nobody_uses_is_not_computed() -> None:
    sent = chain(("Embedding", EMBEDDING), ("Dense", {"units": 2}), shape=[5])
    assert plan(parse(sent)).sequential
    assert "!=" not in source(parse(sent))


def test_the_source_names_masks_as_a_person_would() -> None:
    sent = document(
        ("tokens", "Input", {"shape": [5]}),
        ("words", "Embedding", EMBEDDING),
        ("norm", *NORMALIZED),
        ("output", "Output", {}),
    )
    text = source(parse(sent))
    assert "        words_mask = tokens != 0\n" in text
    assert "        norm = self.norm(words, mask=words_mask)\n" in text


def test_the_name_of_a_mask_gives_way_to_that_of_a_node() -> None:
    sent = document(
        ("tokens", "Input", {"shape": [5]}),
        ("words", "Embedding", EMBEDDING),
        ("words_mask", "Dense", {"units": 2}),
        ("norm", *NORMALIZED),
        ("output", "Output", {}),
    )
    same_as_keras(sent, torch.tensor(CODES, dtype=torch.float32))


def test_gradients_through_masked_moments_are_those_of_finite_differences() -> None:
    network = build(parse(chain(NORMALIZED, shape=[5, 3]))).double().train()
    normalize, mask = network.get_submodule("layer_1"), (SERIES != 0).any(2)
    assert torch.autograd.gradcheck(
        lambda x: normalize(x, mask=mask), (SERIES.double().requires_grad_(),), fast_mode=True
    )
