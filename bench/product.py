"""The same training through the whole product: server, worker process, events, live viewers."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from websockets.sync.client import connect

from bench import client
from bench import viewers as crowd
from bench.workloads import Workload

Events = list[dict[str, Any]]


class Product:
    """A server with the workloads' data uploaded once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.datasets: dict[str, str] = {}

    def train(self, workload: Workload, viewers: int = 1, stalled: int = 0) -> float:
        """Run the workload with live viewers and return seconds per optimizer step.

        `stalled` of the viewers read nothing; each of the others has every event once, in order.
        Counted by the times of the events of the first and the last epoch's end, so neither start
        nor saving is in it, as neither is in the peers' figures.
        """
        return _seconds_per_step(self._run(workload, viewers, stalled), workload)

    def at_once(self, workload: Workload, runs: int) -> float:
        """Return the optimizer steps per second of several runs together, while all of them run."""
        with ThreadPoolExecutor(runs) as pool:
            told = list(pool.map(lambda _: self._run(workload, 0), range(runs)))
        begin = max(_ends(events)[0] for events in told)
        end = min(_ends(events)[-1] for events in told)
        epochs = sum(1 for events in told for at in _ends(events) if begin < at <= end)
        return epochs * workload.steps_per_epoch / (end - begin)

    def latencies(self, workload: Workload, beside: int = 0, stalled: int = 0) -> list[float]:
        """Return how many seconds after it was written each event reached a viewer, sorted.

        `beside` more watch the same run, of which `stalled` read nothing. What was written before
        this viewer was there is not counted.
        """
        run = self._start(workload)
        others = crowd.start(self._live(run), beside, stalled) if beside else None
        found = []
        with connect(self._live(run)) as socket:
            opened = time.time()
            for text in socket:
                written = datetime.fromisoformat(json.loads(text)["time"]).timestamp()
                if written > opened:
                    found.append(time.time() - written)
        if others:
            crowd.end(others)
        client.finish(self.url, run)
        return sorted(found)

    def _run(self, workload: Workload, viewers: int, stalled: int = 0) -> Events:
        run = self._start(workload)
        if viewers:
            # Who watches need not ask again and again, which would take the training's cores.
            crowd.end(crowd.start(self._live(run), viewers, stalled))
        return client.finish(self.url, run)

    def _start(self, workload: Workload) -> dict[str, Any]:
        return client.request(
            f"{self.url}/api/runs",
            {
                "architecture": workload.architecture(),
                "dataset_id": self.datasets[workload.name],
                "recipe": workload.recipe(),
            },
        )

    def _live(self, run: dict[str, Any]) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/api/runs/{run['id']}/live?after=0"


def _ends(events: Sequence[dict[str, Any]]) -> list[float]:
    """Return when each epoch ended."""
    return [
        datetime.fromisoformat(event["time"]).timestamp()
        for event in events
        if event["kind"] == "metrics" and event["scope"] == "epoch"
    ]


def _seconds_per_step(events: Events, workload: Workload) -> float:
    ends = _ends(events)
    return (ends[-1] - ends[0]) / ((len(ends) - 1) * workload.steps_per_epoch)
