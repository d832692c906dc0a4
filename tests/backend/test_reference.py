"""The reference as the app serves it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from backend import reference
from backend.app import create_app
from backend.reference import LIST, names
from models.catalog_of import catalog
from tests.backend.conftest import client_of

API = "/api/reference"


@pytest.fixture
def client(settings):
    with client_of(create_app(settings())) as client:
        yield client


class Balance(HTMLParser):
    """Fails on a tag that is closed before it was opened, or never."""

    VOID = {"br", "hr", "img"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_entry_of_the_catalogue_has_its_page(client: TestClient) -> None:
    known = catalog()
    for kind in type(known).model_fields:
        for entry in getattr(known, kind) if kind not in ("groups", "treatments") else ():
            answer = client.get(f"{API}/{kind}/{entry.type}")
            assert answer.status_code == 200, entry.type
            assert answer.json()["title"] == entry.title


def test_lists_name_every_page_and_every_link_leads_to_one(client: TestClient) -> None:
    places = {
        f"/learn/reference/{folder}/{name}".replace("//", "/").removesuffix(f"/{LIST}")
        for folder, pages in names().items()
        for name in pages
    }
    seen = set()
    for folder, pages in names().items():
        for name in pages:
            found = reference.page(folder, name)
            assert found
            links = re.findall(r'href="([^"]*)"', found.html)
            assert set(links) <= places, (folder, name)
            if name == LIST:
                seen |= set(links)
    assert seen == places


def test_pages_are_whole_html_without_scripts_and_styles() -> None:
    for folder, pages in names().items():
        for name in pages:
            found = reference.page(folder, name)
            assert found
            balance = Balance()
            balance.feed(found.html)
            assert not balance.open
            assert not balance.seen & {"script", "style", "iframe", "h1"}
            assert "\\[" not in found.title


def test_pictures_stand_in_the_page(client: TestClient) -> None:
    html = client.get(f"{API}/activations/relu").json()["html"]
    assert html.count("<svg ") == 1
    assert 'role="img" aria-label="ReLU' in html


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("layers/Dence", "Expected a page of layers such as Dense"),
        ("layers/README", "Expected a page of layers such as"),
        ("layer", "Expected a part of the reference such as layers"),
        ("nothing/Dense", "Expected a part of the reference such as"),
        ("../decisions", None),
        ("layers/..%2F..%2FREADME", None),
        ("..%2f..%2f/README", None),
    ],
)
def test_a_page_that_is_not_there_is_404(client: TestClient, path: str, says: str | None) -> None:
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["code"] == "not_found"
    assert says is None or error["message"].startswith(says)


def test_html_in_a_page_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("# A <b>title</b>\n\n<script>alert(1)</script> & more\n")
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    reference.names.cache_clear()
    reference.page.cache_clear()
    try:
        found = reference.page()
    finally:
        reference.names.cache_clear()
        reference.page.cache_clear()
    assert found
    assert found.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>\n"
