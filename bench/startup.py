"""How long the server takes to answer, how much memory it keeps, and what it must not import."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.client import request
from tools.server import free_port, serving, start

MIB = 2**20


@dataclass(frozen=True)
class Startup:
    """Seconds to the first answer of a second start, and memory in MiB.

    `resident` is of the web process; `worker` is what an idle worker holds of its own, beside what
    it shares with the process that it was forked from.
    """

    seconds: float
    resident: float
    worker: float
    imports_torch: bool


def measure(rounds: int = 3) -> Startup:
    """Return the median start and the memory of the web process after a few requests."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with serving(data):
            pass
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            server = start(data, free_port())
            times.append(time.perf_counter() - began)
            family = server.family()
            server.process.terminate()
            server.process.wait()
            psutil.wait_procs(family[1:], timeout=10)
        with serving(data) as server:
            for path in ("health", "catalog", "gallery", "samples", "networks", "datasets", "runs"):
                request(f"{server.url}/api/{path}")
            web = psutil.Process(server.process.pid)
            resident = web.memory_info().rss / MIB
            mapped = any("libtorch" in region.path for region in web.memory_maps())
            check = {"format": "neuroloom/1", "nodes": [], "edges": []}
            request(f"{server.url}/api/architectures/check", {"architecture": check})
            # The worker that has just answered is the last process that was started.
            worker = max(server.family(), key=psutil.Process.create_time)
            own = worker.memory_full_info().uss / MIB
    return Startup(sorted(times)[rounds // 2], resident, own, mapped)
