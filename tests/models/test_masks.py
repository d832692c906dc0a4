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


@pytest.mark.parametrize(
    ("kind", "params"), [("Add", {}), ("Concatenate", {}), ("Concatenate", {"axis": 1})]
)
@pytest.mark.parametrize("second", ["masked", "plain"])
def test_masks_of_branches_are_put_together(kind: str, params: Any, second: str) -> None:
    sent = document(
        ("left", "Input", {"shape": [5]}),
        ("right", "Input", {"shape": [5, 3]}),
        ("embedding", "Embedding", EMBEDDING),
        ("branch", "Masking" if second == "masked" else "Activation", {}),
        ("both", kind, params),
        ("normal", *NORMALIZED),
        ("output", "Output", {}),
        wires="left>embedding right>branch embedding>both branch>both both>normal normal>output",
    )
    same_as_keras(sent, torch.tensor(CODES, dtype=torch.float32), SERIES)
    dropped = second == "plain" and params == {}
    assert bool(masks_of(sent)) is not dropped


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
