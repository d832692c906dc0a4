"""A real server of its own for a test or a benchmark: free port, own data folder, no traces."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 180
"""Seconds; generous, for machines that have other work."""


@dataclass
class Server:
    """A server that answers at `url`; `process` is the web process."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]

    def family(self) -> list[psutil.Process]:
        """Return the web process and every process that came from it."""
        try:
            web = psutil.Process(self.process.pid)
            return [web, *web.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(data: Path, port: int, through: Sequence[str] = (), **settings: str) -> Server:
    """Start a server and wait until it answers.

    Args:
        through: A command that is given the server's own to run.

    Raises:
        RuntimeError: it ended, or did not answer in time; carries the end of its log.
    """
    data.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "DATA_DIR": str(data), **settings}
    with (data / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [*through, sys.executable, "-m", "backend"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/health", timeout=1):
                return Server(url, data, process)
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    process.kill()
    process.wait()
    raise RuntimeError(f"The server did not start:\n{(data / 'server.log').read_text()[-4000:]}")


@contextmanager
def serving(data: Path, through: Sequence[str] = (), **settings: str) -> Iterator[Server]:
    """Run a server for the length of a `with` block; nothing it started outlives the block."""
    server = start(data, free_port(), through, **settings)
    try:
        yield server
    finally:
        family = server.family()
        server.process.terminate()
        try:
            server.process.wait(10)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
        for process in family[1:]:
            if process.is_running():
                process.kill()
        psutil.wait_procs(family[1:], timeout=5)
