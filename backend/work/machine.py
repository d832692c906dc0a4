"""What the machine has, and how much of it one piece of work may take."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


def devices() -> list[dict[str, str]]:
    """Return what runs can train on beside the CPU."""
    import torch

    found: list[dict[str, str]] = []
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            found.append({"type": "cuda", "name": torch.cuda.get_device_name(index)})
    if torch.backends.mps.is_available():
        found.append({"type": "mps", "name": "Apple GPU"})
    return found


@contextmanager
def at_most(memory: int) -> Iterator[None]:
    """Bound the private memory of this process; mapped files and reserved addresses are free."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
