"""Who is answered, and what a page of the server may do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

from backend.app import create_app
from backend.settings import Settings
from tests.backend.conftest import client_of
from tests.backend.test_networks import architecture
from tests.backend.world import error_of

OWN = "http://127.0.0.1:8000"
LIVE = "/api/runs/00000000-0000-0000-0000-000000000000/live"


@pytest.fixture(scope="module")
def client(shared_client: TestClient) -> TestClient:
    return shared_client


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil", "[::2]", "10.0.0.1"]
)
@pytest.mark.parametrize("path", ["/", "/api/health", "/static/x.js", "/openapi.json"])
def test_a_request_for_another_host_is_refused(client: TestClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "host_not_allowed"
    assert "ALLOWED_HOSTS" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"]
)
def test_the_machine_itself_is_answered_by_every_name_and_port(
    client: TestClient, host: str
) -> None:
    assert client.get("/api/health", headers={"Host": host}).status_code == 200


def test_a_name_that_was_allowed_is_answered(settings: Callable[..., Settings]) -> None:
    app = create_app(settings(allowed_hosts="lab.example, Other.Example"))
    with client_of(app) as client:
        assert client.get("/api/health", headers={"Host": "lab.example:80"}).status_code == 200
        assert client.get("/api/health", headers={"Host": "other.example"}).status_code == 200
        assert client.get("/api/health", headers={"Host": "x.lab.example"}).status_code == 400


@pytest.mark.parametrize("address", ["http://evil.example/api/health", "*", "api/health"])
def test_an_address_that_is_no_path_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    sent = client.app

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        await sent({**scope, "path": address}, receive, send)

    monkeypatch.setattr(client._transport, "app", asked)
    assert error_of(client.get("/api/health"), 400)["code"] == "bad_address"


FOREIGN = [
    "null",
    "https://evil.example",
    "http://127.0.0.1:8001",
    "http://localhost:8000",
    "http://127.0.0.1:8000.evil.example",
    "file://",
    "chrome-extension://abc",
    "",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_change_asked_for_by_a_foreign_page_is_refused(client: TestClient, origin: str) -> None:
    before = client.get("/api/networks").json()
    answer = client.post(
        "/api/networks", json={"architecture": architecture()}, headers={"Origin": origin}
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "origin_not_allowed"
    assert client.get("/api/networks").json() == before


@pytest.mark.parametrize("headers", [{}, {"Origin": OWN}])
def test_a_change_asked_for_by_the_own_page_or_a_script_is_made(
    client: TestClient, headers: dict[str, str]
) -> None:
    body = {"architecture": architecture()}
    assert client.post("/api/networks", json=body, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "null"}, 403), ({"Origin": "https://evil.example"}, 403), ({"Host": "x.y"}, 400)],
)
def test_a_foreign_page_gets_no_websocket(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as denied,
        client.websocket_connect(LIVE, headers={"Host": "127.0.0.1:8000", **headers}),
    ):
        pass
    assert denied.value.status_code == status
    assert set(denied.value.json()) == {"error"}


@pytest.mark.parametrize("path", [LIVE, "/api/nothing", "/anywhere"])
def test_a_websocket_to_nothing_is_denied_in_the_one_shape(client: TestClient, path: str) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as denied,
        client.websocket_connect(path, headers={"Host": "127.0.0.1:8000"}),
    ):
        pass
    assert denied.value.status_code == 404
    assert denied.value.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", None), ("/api/health", 200), ("/api/nothing", 404), ("/static/no.js", 404)],
)
def test_every_answer_carries_the_security_headers(
    client: TestClient, path: str, status: int | None
) -> None:
    answer = client.get(path)
    assert status is None or answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


def test_answers_of_the_api_are_not_kept_by_caches(client: TestClient) -> None:
    assert client.get("/api/networks").headers["cache-control"] == "no-store"


def test_the_page_allows_only_its_own_scripts_and_a_nonce_that_changes(client: TestClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = client.get("/networks/1")
        policy = answer.headers["content-security-policy"]
        found = re.search(r"script-src 'self' 'nonce-([\w-]+)';", policy)
        assert found, policy
        assert f'nonce="{found[1]}"' in answer.text
        nonces.add(found[1])
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'self'"
        assert rules["object-src"] == "'none'"
        assert "unsafe" not in rules["script-src"] + rules["style-src"]
        for tag in re.findall(r"<(?:script|style)[^>]*>", answer.text):
            assert f'nonce="{found[1]}"' in tag
    assert len(nonces) == 2
