"""Talks to a server as a script of a user's would: HTTP, nothing else."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any
from uuid import uuid4

POLL_SECONDS = 0.5
"""Seldom enough to take nothing from what is measured."""
TERMINAL = {"completed", "stopped", "diverged", "failed"}


def request(url: str, body: Any = None, content_type: str = "application/json") -> Any:
    """GET, or POST when there is a body (bytes as they are, anything else as JSON).

    Raises:
        urllib.error.HTTPError: the server refused; its body says why.
    """
    data = None
    if body is not None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": content_type} if data is not None else {}
    with urllib.request.urlopen(
        urllib.request.Request(url, data=data, headers=headers), timeout=120
    ) as answer:
        return json.load(answer)


def delete(url: str) -> None:
    """DELETE what is at the address."""
    urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=120).close()


def upload(server: str, path: Path) -> dict[str, Any]:
    """Upload a file and wait until it has become a dataset."""
    boundary = uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    dataset = request(
        f"{server}/api/datasets", body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    while dataset["state"] == "ingesting":
        time.sleep(0.02)
        dataset = request(f"{server}/api/datasets/{dataset['id']}")
    if dataset["state"] != "ready":
        raise RuntimeError(f"{path.name}: {dataset['error']['message']}")
    return dataset


def finish(server: str, run: dict[str, Any], timeout: float = 300) -> list[dict[str, Any]]:
    """Wait until the run has ended and return its events.

    Raises:
        RuntimeError: it did not complete; carries its message.
        TimeoutError: it did not end in time.
    """
    state = ended(server, run, timeout)
    if state["state"] != "completed":
        raise RuntimeError(f"run {state['state']}: {state['message']}")
    return request(f"{server}/api/runs/{run['id']}/events")["events"]


def ended(server: str, run: dict[str, Any], timeout: float = 300) -> dict[str, Any]:
    """Wait until the run has ended, in whatever way, and return it.

    Raises:
        TimeoutError: it did not end in time.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        state = request(f"{server}/api/runs/{run['id']}")
        if state["state"] in TERMINAL:
            return state
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"run {run['id']} did not end within {timeout:.0f} s")
