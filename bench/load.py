"""How long the lists take while many ask for them and a run trains."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bench import client
from bench.workloads import Workload

A_SECOND = 100
SECONDS = 8
CONNECTIONS = 16
"""Kept open, as browsers keep theirs."""
PATHS = ("runs", "datasets", "networks", "health")


def measure(url: str, workload: Workload, dataset: str) -> float:
    """Return the 99th percentile, in milliseconds, of `A_SECOND` requests a second to one server.

    Each is counted from when it was due, so that one which waits for another is not flattered.
    """
    run = client.request(
        f"{url}/api/runs",
        {
            "architecture": workload.architecture(),
            "dataset_id": dataset,
            "recipe": {**workload.recipe(), "epochs": 100_000},
        },
    )
    count = A_SECOND * SECONDS
    began = time.perf_counter() + 0.5

    own = threading.local()

    def connect() -> None:
        own.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def ask(number: int) -> float:
        due = began + number / A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        own.connection.request("GET", f"/api/{PATHS[number % len(PATHS)]}")
        answer = own.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{PATHS[number % len(PATHS)]} answered {answer.status}")
        return time.perf_counter() - due

    with ThreadPoolExecutor(CONNECTIONS, initializer=connect) as pool:
        times = sorted(pool.map(ask, range(count)))
    client.request(f"{url}/api/runs/{run['id']}/stop", {})
    client.ended(url, run)
    return times[int(count * 0.99)] * 1e3
