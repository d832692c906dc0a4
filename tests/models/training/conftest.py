"""What every test of training begins with."""

from collections.abc import Iterator

import pytest
import torch

from models.training import capture


@pytest.fixture(params=["eager", "captured"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How steps are taken: as they stand in Python all along, or traced after the first one."""
    captured = request.param == "captured"
    monkeypatch.setattr(capture, "due", lambda work, seconds, left: captured and seconds > 0)
    monkeypatch.setattr(capture, "_affordable", lambda left: capture.MOST_OPERATIONS)
    monkeypatch.setattr(capture._Trial, "pays", lambda *_: True)
    return request.param


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """The networks are small: a second thread would only wait."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
