"""A real server: quick to start, small, free of torch, and without a trace when it is gone."""

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.backend.test_networks import architecture
from tools.server import ROOT, Server, serving

RESIDENT_BYTES = 150 * 2**20

PROBE = """
import sys
from pathlib import Path
from backend.app import create_app
from backend.settings import Settings
from starlette.testclient import TestClient
settings = Settings(_env_file=None, data_dir=Path(sys.argv[1]), slots=1, cores=1)
body = {"architecture": __ARCHITECTURE__}
with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
    assert client.get("/api/health").status_code == 200
    assert client.get("/api/catalog").status_code == 200
    assert client.get("/api/gallery").status_code == 200
    assert client.get("/api/samples").status_code == 200
    assert client.post("/api/networks", json=body).status_code == 201
    assert client.post("/api/architectures/check", json=body).status_code == 200
    dataset = client.post("/api/datasets", json={"sample": "iris"}).json()["id"]
    assert client.post("/api/proposals", json={"dataset_id": dataset}).status_code == 200
    assert client.get("/api/runs").status_code == 200
    assert client.get("/openapi.json").status_code == 200
    assert client.get("/").status_code in (200, 503)
heavy = sorted({"torch", "polars", "pandas", "sklearn", "PIL"} & set(sys.modules))
print(*heavy)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


def post(server: Server, path: str, body: object) -> dict:
    request = urllib.request.Request(
        server.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_the_web_process_never_imports_torch(tmp_path: Path) -> None:
    code = PROBE.replace("__ARCHITECTURE__", repr(architecture()))
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == []


def test_the_web_process_stays_small(server: Server) -> None:
    post(server, "/api/architectures/check", {"architecture": architecture()})
    post(server, "/api/datasets", {"sample": "iris"})
    assert psutil.Process(server.process.pid).memory_info().rss < RESIDENT_BYTES


def test_it_says_where_to_open_it(server: Server) -> None:
    assert f"open {server.url}" in (server.data / "server.log").read_text()


def test_an_upload_that_is_cut_off_leaves_nothing(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    head = (
        f"POST /api/datasets HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 90000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    ).encode()
    uploads = server.data / "uploads"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head + form + b"a,b\n1,2\n" * 400_000)
        while not [path for path in uploads.iterdir() if path.stat().st_size > 0]:
            pass
    while list(uploads.iterdir()):
        pass
    with urllib.request.urlopen(f"{server.url}/api/datasets") as answer:
        names = [item["name"] for item in json.load(answer)["items"]]
    assert "a.csv" not in names


def test_a_body_over_the_limit_is_refused_before_it_is_sent(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            f"POST /api/networks HTTP/1.1\r\nHost: {host}:{port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n".encode()
        )
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"999,999,999" in answer


def test_killing_the_server_leaves_no_process_and_loses_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        post(server, "/api/architectures/check", {"architecture": architecture()})
        dataset = post(server, "/api/datasets", {"sample": "iris"})
        network = post(server, "/api/networks", {"architecture": architecture()})
        family = server.family()
        assert len(family) >= 3
        server.process.kill()
        server.process.wait()
        _, alive = psutil.wait_procs(family, timeout=60)
        assert alive == []
    with serving(tmp_path / "data") as server:
        for path, made in (("networks", network), ("datasets", dataset)):
            with urllib.request.urlopen(f"{server.url}/api/{path}/{made['id']}") as answer:
                assert json.load(answer) == made


def test_stopping_the_server_ends_every_process_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        post(server, "/api/architectures/check", {"architecture": architecture()})
        family = server.family()
        server.process.terminate()
        assert server.process.wait(20) in (0, -15)
        _, alive = psutil.wait_procs(family[1:], timeout=60)
        assert alive == []
        assert "Traceback" not in (tmp_path / "data" / "server.log").read_text()
