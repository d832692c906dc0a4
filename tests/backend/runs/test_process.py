"""A process is known by its number and its start, and its end is told in words."""

import os
import signal
import subprocess
import sys

import pytest

from backend.runs import ending, process

SLEEPER = [sys.executable, "-c", "input()"]


def test_a_process_is_alive_until_it_ends_even_before_it_is_waited_for():
    with subprocess.Popen(SLEEPER, stdin=subprocess.PIPE) as child:
        start = process.started(child.pid)
        assert process.alive(child.pid, start)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not process.alive(child.pid, start)


def test_a_process_that_got_the_number_later_is_not_taken_for_the_first():
    start = process.started(os.getpid())
    assert start is not None
    assert not process.alive(os.getpid(), start - 1)


def test_the_system_without_proc_tells_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "PROC", process.PROC / "nowhere")
    start = process.started(os.getpid())
    assert start is not None
    assert process.alive(os.getpid(), start)
    assert process.peak_memory(os.getpid()) is None


def test_memory_is_told_in_bytes():
    peak = process.peak_memory(os.getpid())
    assert peak is not None
    assert 2**20 < peak < process.memory_limit()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-signal.SIGKILL, ["SIGKILL", "likely memory", "peak 1.50 GB of 8.00 GB"]),
        (-signal.SIGTERM, ["SIGTERM"]),
        (ending.DISK_FULL, ["disk is full", "Free space"]),
        (ending.NO_DATABASE, ["database"]),
        (ending.LOST, ["perhaps for want of memory", "peak 1.50 GB"]),
        (None, ["perhaps for want of memory"]),
        (3, ["exit code 3"]),
    ],
)
def test_why_a_worker_is_gone_is_told_in_words(code: int | None, words: list[str]):
    told = ending.describe(code, peak=3 * 2**29, limit=8 * 2**30)
    assert all(word in told for word in words)
