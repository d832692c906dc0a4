"""How much memory a network may ask for, and how that is said."""

import os

_LIMIT = 8 * 2**30


def _physical() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # not every system tells
        return 2 * _LIMIT


PHYSICAL: int = _physical()
"""Bytes of memory that this machine has."""

ALLOWED: int = min(_LIMIT, PHYSICAL // 2)
"""Bytes for weights, gradients, optimizer state and the activations of one example."""

PER_WEIGHT = 16
"""A trained weight in single precision, its gradient, and two moments of the optimizer."""


def in_words(size: int) -> str:
    """Return bytes with a unit: "16.0 GB"."""
    if size >= 10**21:
        return "more than 1,000 EB"
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if value < 1000:
            return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
        value /= 1000
    return f"{value:,.1f} EB"
