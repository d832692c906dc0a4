"""A training does not fetch the same memory from the system anew at every step."""

import platform
import subprocess
import sys

import pytest

STEPS = """
import resource, torch
from backend.runs.allocator import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        torch.ones(4 * 2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

first = faults()
keep_freed_memory()
faults()
print(first, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the GNU C library only")
def test_what_a_step_frees_is_there_for_the_next_one() -> None:
    told = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, check=True)
    before, after = map(int, told.stdout.split())
    assert before > 5_000
    assert after < before / 20
