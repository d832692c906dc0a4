"""How long a browser may take: long, since a wait ends as soon as there is what it is for."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE = 120_000
"""Milliseconds of an action or an expectation, on a machine that has other work."""


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds that Playwright has no expectation for."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end, "It does not come to hold."
        page.wait_for_timeout(50)
