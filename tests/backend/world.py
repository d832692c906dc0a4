"""A server with one thing of every kind, and every operation of its contract, to ask in every way.

The operations are those of the OpenAPI document, so that a new route is asked without being named.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.engine import Database
from backend.database.tables import Base
from backend.settings import Settings
from tests.backend.runs.lab import until
from tests.backend.test_blocks import PAIR

METHODS = ("get", "put", "post", "patch", "delete")
ARCHITECTURE = {
    "format": "neuroloom/1",
    "name": "Flowers",
    "nodes": [
        {"id": "input", "type": "Input"},
        {"id": "dense", "type": "Dense", "params": {"units": 3, "activation": "softmax"}},
        {"id": "output", "type": "Output"},
    ],
    "edges": [{"source": "input", "target": "dense"}, {"source": "dense", "target": "output"}],
}
ENDED = ("completed", "failed")


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    declared: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.declared.get("requestBody", {}).get("content", {})

    @property
    def needs_body(self) -> bool:
        return bool(self.declared.get("requestBody", {}).get("required"))

    def parameters(self, place: str) -> dict[str, Any]:
        """Return the schemas of the parameters of a place: "path", "query" or "header"."""
        declared = self.declared.get("parameters", [])
        return {item["name"]: item["schema"] for item in declared if item["in"] == place}

    @property
    def answer(self) -> dict[str, Any]:
        """The schema of what is answered when all is well."""
        (status,) = [code for code in self.declared["responses"] if code in ("200", "201", "204")]
        content = self.declared["responses"][status].get("content", {})
        return content.get("application/json", {}).get("schema", {})


SCHEMA = create_app(
    Settings(_env_file=None)  # pyright: ignore[reportCallIssue] — not a field
).openapi()
OPERATIONS = [
    Operation(method.upper(), path, declared)
    for path, methods in SCHEMA["paths"].items()
    for method, declared in methods.items()
    if method in METHODS
]


def error_of(answer: Any, *statuses: int) -> dict[str, Any]:
    """Return the error of an answer, which has the one shape and tells nothing of the inside."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error"}
    told = answer.json()["error"]
    assert set(told) == {"code", "message", "where", "problems"}
    assert re.fullmatch(r"[a-z][a-z0-9_]*", told["code"])
    assert len(told["message"]) < 2_000
    assert not re.search(r"Traceback|File \"|site-packages|<html", answer.text)
    return told


@dataclass
class World:
    """A network, a dataset and a finished run, and what may be asked about them."""

    client: TestClient
    database: Database
    folder: Path
    ids: dict[str, str]
    bodies: dict[str, Any]

    @classmethod
    def made_by(cls, client: TestClient, database: Database, folder: Path) -> "World":
        """Fill an empty server."""
        dataset = client.post("/api/datasets", json={"sample": "iris"}).json()
        about = {"dataset_id": dataset["id"]}
        recipe = {"epochs": 2, "split": {"validation": 0.2, "test": 0.2, "seed": 1}}
        saved = {
            "architecture": ARCHITECTURE,
            "name": "Flowers",
            "note": "the first",
            "recipe": recipe,
            **about,
        }
        network = client.post("/api/networks", json=saved).json()
        # An argument's default is any value, of which nothing is asked before the block is used.
        parts = {name: {**part, "parameters": {}} for name, part in PAIR["blocks"].items()}
        kept = {"architecture": {**PAIR, "blocks": parts}}
        block = client.post("/api/blocks", json=kept).json()
        asked = {"network_id": network["id"], "recipe": recipe, **about}
        run = client.post("/api/runs", json=asked).json()["id"]
        until(lambda: client.get(f"/api/runs/{run}").json()["state"] in ENDED, "the run has ended")
        folded = client.post("/api/cross-validations", json={**asked, "folds": 2}).json()
        for each in folded["runs"]:
            address = f"/api/runs/{each['id']}"
            until(lambda a=address: client.get(a).json()["state"] in ENDED, "the fold has ended")
        inputs = [
            column["name"]
            for column in dataset["description"]["columns"]
            if column["role"] == "input"
        ]
        bodies = {
            "POST /api/architectures/check": {
                "architecture": ARCHITECTURE,
                "recipe": recipe,
                **about,
            },
            "POST /api/architectures/code": {
                "architecture": ARCHITECTURE,
                "recipe": recipe,
                "target": "pytorch",
                **about,
            },
            "POST /api/proposals": {**about, "recipe": recipe},
            "POST /api/networks": saved,
            "PUT /api/networks/{network_id}": saved,
            "POST /api/blocks": kept,
            "PUT /api/blocks/{block_id}": kept,
            "POST /api/datasets": {"sample": "iris"},
            "PATCH /api/datasets/{dataset_id}": {
                "name": "Flowers",
                "columns": [{"name": inputs[0], "kind": "number", "role": "input"}],
            },
            "POST /api/datasets/{dataset_id}/augmented": {"augmentation": []},
            "POST /api/datasets/{dataset_id}/versions": {"options": {"missing": ["?"]}},
            "POST /api/runs": asked,
            "POST /api/cross-validations": {**asked, "folds": 2},
            "PATCH /api/runs/{run_id}": {"recipe": {"learning_rate": 0.01}},
            "POST /api/runs/{run_id}/resume": {"epochs": 4},
            "POST /api/runs/{run_id}/predict": {"rows": [dict.fromkeys(inputs, 1.5)]},
        }
        ids = {
            "network_id": network["id"],
            "block_id": block["id"],
            "dataset_id": dataset["id"],
            "run_id": run,
            "cross_validation_id": folded["id"],
            "revision": "1",
            "version": "1",
            "slug": client.get("/api/gallery").json()["items"][0]["slug"],
            "what": "history.csv",
            "index": "0",
        }
        return cls(client, database, folder, ids, bodies)

    def url(self, operation: Operation, **ids: str) -> str:
        """Return the address of an operation about the things that are there."""
        known = {**self.ids, **ids}
        return re.sub(r"{(\w+)}", lambda name: known.get(name[1], str(uuid4())), operation.path)

    def ask(
        self,
        operation: Operation,
        content: bytes | str | None = None,
        query: str = "",
        **headers: str | None,
    ) -> Any:
        """Carry out an operation; headers are written with underscores, None leaves one out."""
        sent = {"Content-Type": "application/json"} if content is not None else {}
        if operation.method == "PUT":
            sent["If-Match"] = "*"
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value}
        for name in [name for name, value in headers.items() if value is None]:
            del sent[name.replace("_", "-")]
        return self.client.request(
            operation.method, self.url(operation) + query, content=content, headers=sent
        )

    def state(self) -> tuple[dict[str, list[Any]], list[tuple[str, int]]]:
        """Return every row and every file that there is."""
        with self.database.reading() as session:
            rows = {
                table.name: sorted(map(repr, session.execute(select(table))))
                for table in Base.metadata.sorted_tables
            }
        files = [
            (str(path.relative_to(self.folder)), path.stat().st_size)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and "sqlite" not in path.name
        ]
        return rows, files


def leaves(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value that is no object and no list."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from leaves(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from leaves(value, (*path, index))
    else:
        yield path


def objects(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every object."""
    if isinstance(document, dict):
        yield path
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items if isinstance(document, dict | list) else ():
        if isinstance(value, dict | list):
            yield from objects(value, (*path, key))


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    """Return the value that a path leads to."""
    for part in path:
        document = document[part]
    return document


def changed(document: Any, path: tuple[str | int, ...], change: Callable[[Any], Any]) -> Any:
    """Return a copy of a document in which one value is another."""
    copy = json.loads(json.dumps(document))
    holder = at(copy, path[:-1])
    holder[path[-1]] = change(holder[path[-1]])
    return copy
