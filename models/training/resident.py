"""The memory that a training takes, as the system or the GPU counts it."""

import os
import resource
import sys
from pathlib import Path

import torch

MEGABYTE = 1_000_000
_STATM = Path("/proc/self/statm")


class Memory:
    """Watches that a training keeps within the memory that its recipe allows.

    Args:
        limit: in MB, of the GPU's memory on a GPU, else of the whole process's; None for any.
    """

    def __init__(self, device: torch.device, limit: int | None) -> None:
        self._device = device
        self._limit = limit * MEGABYTE if limit is not None else None
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        self._before = peak()

    def exceeded(self) -> tuple[int, int] | None:
        """Return what is taken and what is allowed, in bytes, if it is more."""
        if self._limit is None:
            return None
        taken = self._taken()
        return (taken, self._limit) if taken > self._limit else None

    def _taken(self) -> int:
        """Return the most bytes since the training began."""
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        most = peak()
        return most if most > self._before else now()


def peak() -> int:
    """Return the most bytes that this process ever took."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def now() -> int:
    """Return the bytes that it takes; where the system does not tell, the most it ever took."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return peak()
