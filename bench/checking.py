"""How long the editor waits for the check of a large network, asked as the editor asks."""

import copy
import http.client
import json
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

EDITS = 5
"""Of each network, one after another."""
PATTERN = ("Conv2D", "BatchNormalization", "Activation", "Dropout")


@dataclass(frozen=True)
class Checking:
    """Milliseconds until the answer: to a network never seen before, and after one edit of it."""

    first: float
    edited: float


def measure(url: str, layers: int, rounds: int = 3) -> Checking:
    """Return the median times for a deep convolutional network, each round's unlike the others'.

    Args:
        layers: how many there are, Input and Output included.
    """
    firsts, edits = [], []
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    for turn in range(rounds):
        document = _deep(layers, width=8 + 200 * turn)
        firsts.append(_check(connection, document))
        for edit in range(EDITS):
            edited = copy.deepcopy(document)
            rest = edited["nodes"][layers // 2 :]
            middle = next(node for node in rest if node["type"] == "Dropout")
            middle["params"]["rate"] = 0.5 + edit / 100
            edits.append(_check(connection, edited))
    connection.close()
    return Checking(sorted(firsts)[rounds // 2], sorted(edits)[len(edits) // 2])


def _check(connection: http.client.HTTPConnection, document: dict[str, Any]) -> float:
    """Return the milliseconds on a connection that is kept, as a browser keeps it."""
    body = json.dumps({"architecture": document}).encode()
    began = time.perf_counter()
    connection.request(
        "POST", "/api/architectures/check", body, {"Content-Type": "application/json"}
    )
    text = connection.getresponse().read()
    taken = time.perf_counter() - began
    answer = json.loads(text)
    if not answer["ok"]:
        raise RuntimeError(f"the network has problems: {answer['problems']}")
    return taken * 1e3


def _deep(layers: int, width: int) -> dict[str, Any]:
    """Return a chain of convolutions of which no two of its first hundred are alike."""
    kinds: list[tuple[str, dict[str, Any]]] = [("Input", {"shape": [3, 16, 16]})]
    for index in range(layers - 4):
        kind = PATTERN[index % len(PATTERN)]
        params: dict[str, Any] = {
            "Conv2D": {"filters": width + index % 100, "kernel_size": 3, "padding": "same"},
            "Activation": {"activation": "relu"},
            "Dropout": {"rate": 0.1},
        }.get(kind, {})
        kinds.append((kind, params))
    kinds += [("Flatten", {}), ("Dense", {"units": 10}), ("Output", {})]
    nodes = [
        {"id": f"n_{index}", "type": kind, "params": params}
        for index, (kind, params) in enumerate(kinds)
    ]
    edges = [{"source": a["id"], "target": b["id"]} for a, b in pairwise(nodes)]
    return {"format": "neuroloom/1", "name": "Deep", "nodes": nodes, "edges": edges}
