"""Python source as a formatter lays it out."""

import subprocess

from ruff import find_ruff_bin

LINE = 100
"""Longest line."""


def formatted(source: str) -> str:
    """Return source as `ruff format` has it.

    Raises:
        ValueError: it is not Python.
    """
    done = subprocess.run(
        [find_ruff_bin(), "format", "--isolated", f"--line-length={LINE}", "--quiet", "-"],
        input=source,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr)
    return done.stdout
