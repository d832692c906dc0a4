"""How long the lists take while many ask for them and a run trains."""

import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from bench import client
from bench.workloads import Workload

A_SECOND = 100
SECONDS = 8
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

    def ask(number: int) -> float:
        due = began + number / A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        with urllib.request.urlopen(f"{url}/api/{PATHS[number % len(PATHS)]}", timeout=30) as told:
            told.read()
        return time.perf_counter() - due

    with ThreadPoolExecutor(16) as pool:
        times = sorted(pool.map(ask, range(count)))
    client.request(f"{url}/api/runs/{run['id']}/stop", {})
    client.ended(url, run)
    return times[int(count * 0.99)] * 1e3
