"""Networks of up to 60 layers, from the document to both libraries and back."""

import copy
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, assume, given, settings

from models.check import check
from models.export.pytorch import source
from models.network import Network, build
from models.parse import parse
from tests.models.documents import Document
from tests.models.graphs import networks
from tests.models.importing.test_keras import imported, same_answers
from tests.models.layers.twins import answer, keras_model

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis:UserWarning"),
    pytest.mark.filterwarnings("ignore:Layer '.*' .* was passed an input with a mask:UserWarning"),
]


@given(networks(most=54, least=25))
@settings(
    max_examples=5,
    # To look for a smaller example among so large ones takes longer than it helps.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_large_network_is_checked_built_run_printed_run_again_and_imported(
    sent: Document,
) -> None:
    architecture = parse(sent)
    report = check(architecture)
    assert report.ok, report.problems
    network = build(architecture, seed=2).eval()
    inputs = [torch.rand(3, *shape) for shape in network.input_shapes]
    with torch.no_grad():
        expected = network(*inputs)
    # One that enlarges its own rounding errors, as by normalizing what is 0 but for them, has no
    # answer that two libraries could agree on.
    assume(_steady(network, inputs, expected))

    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(architecture), "printed.py", "exec"), namespace)
    printed = namespace["build"]().eval()
    printed.load_state_dict(network.state_dict())
    with torch.no_grad():
        torch.testing.assert_close(printed(*inputs), expected, atol=0, rtol=0, equal_nan=True)

    model = keras_model(architecture, network)
    theirs = answer(model, inputs, training=False)
    torch.testing.assert_close(theirs, expected, atol=1e-4, rtol=1e-4, equal_nan=True)
    if "blocks" not in sent:
        found = imported(model)
        assert found.notes == []
        same_answers(model, found)


def _steady(
    network: Network, inputs: Sequence[torch.Tensor], expected: torch.Tensor | tuple[torch.Tensor]
) -> bool:
    """Return whether the answers stay what they are when they are worked out more exactly."""
    with torch.no_grad():
        exact = copy.deepcopy(network).double()(*(x.double() for x in inputs))
    pairs = zip(
        *(one if isinstance(one, tuple) else (one,) for one in (exact, expected)), strict=True
    )
    return all(torch.allclose(a.float(), b, atol=1e-5, rtol=1e-5, equal_nan=True) for a, b in pairs)
