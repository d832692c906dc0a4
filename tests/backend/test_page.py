"""The page around what Vite built, its files, and what is said when nothing is built."""

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from backend import page
from backend.app import create_app
from tests.backend.conftest import client_of

MANIFEST = {
    "src/main.tsx": {
        "file": "assets/main-abc.js",
        "css": ["assets/main-abc.css"],
        "imports": ["_shared.js"],
        "isEntry": True,
    },
    "_shared.js": {"file": "assets/shared-def.js", "css": ["assets/shared-def.css"]},
    "src/learn.tsx": {"file": "assets/learn-ghi.js", "isDynamicEntry": True},
}


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "manifest.json").write_text(json.dumps(MANIFEST))
    (static / "assets" / "main-abc.js").write_text("export const answer = 42;" * 100)
    (static / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret.txt").write_text("not for visitors")
    monkeypatch.setattr(page, "STATIC", static)
    return static


@pytest.fixture
def visitor(built: Path, settings):
    with client_of(create_app(settings())) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/networks/123", "/runs", "/a/b/c.d?e=f", "/apis"])
def test_every_address_of_the_app_is_the_page(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert re.search(r'<script type="module" src="/static/assets/main-abc.js"', answer.text)
    assert answer.text.count('rel="stylesheet"') == 2
    assert '<link rel="modulepreload" href="/static/assets/shared-def.js"' in answer.text
    assert "learn-ghi" not in answer.text


def test_the_page_is_told_the_version(visitor: TestClient) -> None:
    found = re.search(
        r'<script type="application/json" id="boot"[^>]*>(.*?)</script>', visitor.get("/").text
    )
    assert found
    assert json.loads(found[1])["version"] == visitor.get("/api/health").json()["version"]


def test_a_new_build_is_served_without_a_restart(visitor: TestClient, built: Path) -> None:
    visitor.get("/")
    newer = {"src/main.tsx": {"file": "assets/main-new.js"}}
    (built / "manifest.json").write_text(json.dumps(newer))
    assert "/static/assets/main-new.js" in visitor.get("/").text


def test_files_with_a_hash_in_their_name_are_kept_for_ever_and_compressed(
    visitor: TestClient,
) -> None:
    answer = visitor.get("/static/assets/main-abc.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text.startswith("export const")
    assert visitor.get("/static/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/"])
def test_nothing_but_the_built_files_is_served(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert "not for visitors" not in answer.text
    assert "main-abc.js\n" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api"),
        ("GET", "/api/"),
        ("GET", "/api/nothing"),
        ("POST", "/api/nothing"),
        ("GET", "/api/networks/"),
        ("GET", "/api/networks/..%2f..%2fetc"),
        ("GET", "/api/networks/%2e%2e"),
        ("GET", "/static/nothing.js"),
        ("POST", "/"),
        ("DELETE", "/networks/1"),
    ],
)
def test_what_is_not_there_is_404_in_the_one_shape(
    visitor: TestClient, method: str, path: str
) -> None:
    answer = visitor.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_without_a_build_the_page_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient
) -> None:
    monkeypatch.setattr(page, "STATIC", tmp_path / "nowhere")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make run" in answer.text
