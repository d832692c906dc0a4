"""A training does not fetch the same memory from the system anew at every step."""

import platform
import subprocess
import sys

import pytest

STEPS = """
import resource, sys, torch
from backend.runs.allocator import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        torch.ones(4 * 2**20)
        torch.ones(16 * 2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[1] == "kept":
    keep_freed_memory()
    for _ in range(10):
        # A library that aligns what it hands out needs a few places before it comes back to one.
        faults()
print(faults())
"""


def page_faults(how: str) -> int:
    """Return how many pages five pairs of tensors of 16 and 64 MiB had to be given."""
    told = subprocess.run(
        [sys.executable, "-c", STEPS, how], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the GNU C library only")
def test_what_a_step_frees_is_there_for_the_next_one() -> None:
    usual = page_faults("usual")
    assert usual > 25_000
    assert page_faults("kept") < usual / 20
