"""What a browser has to fetch before a page can be used."""

import pytest
from playwright.sync_api import Page

FIRST = 250_000
EDITOR = 400_000
"""Bytes of script, compressed as the server sends them."""


def scripts(page: Page, path: str) -> int:
    """Open a page and return how many bytes of script came for it."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(({name}) => new URL(name).pathname.endsWith('.js'))"
        ".reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0)"
    )


@pytest.mark.parametrize("path", ["/", "/networks", "/datasets", "/runs"])
def test_a_page_is_light(page: Page, path: str) -> None:
    assert 20_000 < scripts(page, path) < FIRST


def test_the_editor_is_light(page: Page) -> None:
    architecture = {"format": "neuroloom/1", "nodes": [], "edges": []}
    answer = page.request.post("/api/networks", data={"architecture": architecture})
    assert 20_000 < scripts(page, f"/networks/{answer.json()['id']}") < EDITOR
