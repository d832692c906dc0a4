"""How long a step is, which decides whether a second thread pays."""

import pytest
import torch

from models.errors import DocumentError
from models.training.device import choose, computing, multiplications
from tests.models.training.cases import GRU, IMAGES, LSTM, REGRESSION, Case


@pytest.mark.parametrize(
    ("case", "of_a_row"),
    [
        (REGRESSION, 6 * 12 + 12 * 8 + 8 * 1),
        # Two convolutions, 3 × 3, over 8 × 8 and 2 × 2 positions, and a dense layer.
        (IMAGES, 64 * 5 * 2 * 9 + 4 * 6 * 5 * 9 + 24 * 4),
        # Four or three gates at each of five time steps, and a dense layer.
        (LSTM, 5 * 4 * 7 * (3 + 7) + 7 * 3),
        (GRU, 5 * 3 * 7 * (3 + 7) + 7 * 3),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_multiplications_are_counted_at_every_position_and_time_step(case: Case, of_a_row: int):
    network, rows = case.network(), case.prepared().train.x[:2]
    assert multiplications(network, rows) == 2 * of_a_row


def test_counting_leaves_the_network_in_its_mode():
    network = REGRESSION.network().train()
    multiplications(network, REGRESSION.prepared().train.x[:2])
    assert network.training
    assert not any(module._forward_hooks for module in network.modules())


def test_a_device_that_is_not_there_is_refused():
    assert choose("cpu") == torch.device("cpu")
    if not torch.cuda.is_available():
        with pytest.raises(DocumentError, match="Choose 'auto'"):
            choose("cuda")


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="PyTorch without oneDNN")
@pytest.mark.parametrize("knows", [False, True])
def test_onednn_is_kept_from_lstms_where_it_cannot_compute_them(
    knows: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: knows)
    network, cpu = LSTM.network(), torch.device("cpu")
    with computing(torch.bfloat16, cpu, network):
        assert torch.backends.mkldnn.enabled == knows
    assert torch.backends.mkldnn.enabled
    with computing(torch.bfloat16, cpu, REGRESSION.network()):
        assert torch.backends.mkldnn.enabled
