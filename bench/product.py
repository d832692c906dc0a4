"""The same training through the whole product: server, worker process, events, a live viewer."""

import threading
from datetime import datetime

from websockets.sync.client import connect

from bench import client
from bench.workloads import Workload


class Product:
    """A server with the workloads' data uploaded once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.datasets: dict[str, str] = {}

    def train(self, workload: Workload, epochs: int) -> float:
        """Run the workload with one live viewer and return seconds per optimizer step.

        Counted by the times of the events of the first and the last epoch's end, so neither start
        nor saving is in it, as neither is in the peers' figures.
        """
        run = client.request(
            f"{self.url}/api/runs",
            {
                "architecture": workload.architecture(),
                "dataset_id": self.datasets[workload.name],
                "recipe": {**workload.recipe(), "epochs": epochs + 1},
            },
        )
        viewer = threading.Thread(target=self._watch, args=(run["id"],))
        viewer.start()
        events = client.finish(self.url, run)
        viewer.join()
        ends = [
            datetime.fromisoformat(event["time"])
            for event in events
            if event["kind"] == "metrics" and event["scope"] == "epoch"
        ]
        return (ends[-1] - ends[0]).total_seconds() / ((len(ends) - 1) * workload.steps_per_epoch)

    def _watch(self, run: str) -> None:
        address = f"{self.url.replace('http', 'ws', 1)}/api/runs/{run}/live?after=0"
        with connect(address) as socket:
            for _ in socket:
                pass
