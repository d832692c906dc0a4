"""What is no HTTP, no handshake or no whole request is refused over real sockets, in one shape."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from backend.server import Server
from tests.backend.conftest import make_settings

JSON = "Content-Type: application/json\r\n"
UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
VERSION = "Sec-WebSocket-Version: 13\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(make_settings(tmp_path_factory.mktemp("wire"), port=0))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join()


def send(server: Server, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes, and return the status, the headers and the body of what comes back."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as peer:
        peer.sendall(request.replace(b"HOST", f"{host}:{port}".encode()))
        told = b"".join(iter(lambda: peer.recv(65536), b""))
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /api/health\r\n\r\n",
        b"GET /api/health HTTP/1.1\r\nHost HOST\r\n\r\n",
        b"GET /api/health HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
        "GET /api/häalth HTTP/1.1\r\nHost: HOST\r\n\r\n".encode(),
        b"GET /api/health HTTP/1.1\r\n\r\n",
        b"POST /api/networks HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_in_the_one_shape(server: Server, request_: bytes) -> None:
    status, headers, body = send(server, request_)
    assert status == 400
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert set(json.loads(body)) == {"error"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (UPGRADE + VERSION, 400),
        (UPGRADE + VERSION + "Sec-WebSocket-Key: short\r\n", 400),
        (UPGRADE + KEY, 400),
        (UPGRADE + KEY + "Sec-WebSocket-Version: 99\r\n", 400),
        (UPGRADE + KEY + VERSION + "Origin: null\r\n", 403),
        (UPGRADE + KEY + VERSION + "Origin: http://evil.example\r\n", 403),
        (UPGRADE + KEY + VERSION, 404),
    ],
)
@pytest.mark.parametrize("path", ["/api/runs/00000000-0000-4000-8000-000000000000/live"])
def test_what_is_no_handshake_of_ours_is_refused_in_the_one_shape(
    server: Server, path: str, headers: str, status: int
) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: HOST\r\n{headers}\r\n".encode()
    found, told, body = send(server, request)
    assert found == status, body
    assert told["content-type"] == "application/json"
    assert set(json.loads(body)) == {"error"}


def test_a_websocket_for_another_host_is_refused(server: Server) -> None:
    head = f"GET /api/runs/x/live HTTP/1.1\r\nHost: evil.example\r\n{UPGRADE}{KEY}{VERSION}\r\n"
    status, _, body = send(server, head.encode())
    assert (status, json.loads(body)["error"]["code"]) == (400, "host_not_allowed")


LIMIT = 16 * 2**20
MEGABYTE = b" " * 2**20
ENOUGH = 24
"""Megabytes that are sent: more than the limit, and more than all buffers on the way hold."""


@pytest.mark.parametrize("path", ["/api/networks", "/api/architectures/check", "/api/runs"])
@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
def test_who_sends_more_than_the_limit_is_told_so_when_all_is_sent(
    server: Server, path: str, chunked: bool
) -> None:
    if chunked:
        size, found = "Transfer-Encoding: chunked", "more"
        body = (b"100000\r\n" + MEGABYTE + b"\r\n") * ENOUGH + b"0\r\n\r\n"
    else:
        size, found = f"Content-Length: {len(MEGABYTE) * ENOUGH}", f"{ENOUGH * 2**20:,}"
        body = MEGABYTE * ENOUGH
    head = f"POST {path} HTTP/1.1\r\nHost: HOST\r\n{JSON}{size}\r\n\r\n"
    status, told, answer = send(server, head.encode() + body)
    assert status == 413
    assert told["connection"] == "close"
    message = json.loads(answer)["error"]["message"]
    assert f"at most {LIMIT:,} bytes, got {found}" in message


def test_a_request_that_ends_early_is_not_carried_out(server: Server) -> None:
    body = b'{"architecture": {"format": "neuroloom/1"}}'
    host, port = server.url.removeprefix("http://").split(":")
    head = (
        f"POST /api/networks HTTP/1.1\r\nHost: {host}:{port}\r\n{JSON}Content-Length: 900\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=60) as peer:
        peer.sendall(head.encode() + body)
        peer.shutdown(socket.SHUT_WR)
        b"".join(iter(lambda: peer.recv(65536), b""))
    status, _, listed = send(
        server, b"GET /api/networks HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"
    )
    assert (status, json.loads(listed)["items"]) == (200, [])
