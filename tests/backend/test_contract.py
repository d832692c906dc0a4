"""The contract, line by line, as the OpenAPI document tells it and as the server keeps it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from models.training.events import TERMINAL
from tests.backend.conftest import HOST, client_of, make_settings, on_sqlite_alone
from tests.backend.world import ARCHITECTURE, OPERATIONS, SCHEMA, Operation, World

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
IN_FULL = {"task", "inputs", "target", "split", "loss", "optimizer", "metrics", "batch_size"}
IN_FULL |= {"epochs", "early_stopping", "augmentation", "seed", "device", "precision"}


def schema_of(operation: Operation) -> dict[str, Any]:
    """Return the schema of an answer, with the reference followed."""
    name = operation.answer.get("$ref", "").rpartition("/")[2]
    return SCHEMA["components"]["schemas"][name] if name else operation.answer


READS = [operation for operation in OPERATIONS if operation.method == "GET"]
LISTS = [
    operation for operation in READS if "next_cursor" in schema_of(operation).get("properties", {})
]


@pytest.fixture(scope="module")
def world(shared_data: Path, shared_database_url: str) -> Iterator[World]:
    app = create_app(make_settings(shared_data, database_url=shared_database_url))
    with client_of(app) as client:
        yield World.made_by(client, app.state.database, shared_data)


@pytest.fixture(scope="module")
def client(world: World) -> TestClient:
    return world.client


def values(document: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with the key that it stands under."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in ("architecture", "outline"):  # Whose ids are their author's.
                yield from values(value, name)
    elif isinstance(document, list):
        for value in document:
            yield from values(value, key)
    else:
        yield key, document


def test_every_address_is_below_api_and_every_name_is_in_snake_case() -> None:
    names = [
        name
        for schema in SCHEMA["components"]["schemas"].values()
        for name in schema.get("properties", {})
    ]
    for operation in OPERATIONS:
        assert operation.path.startswith("/api/")
        names += [*operation.parameters("path"), *operation.parameters("query")]
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []


def test_the_document_that_describes_the_contract_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["paths"] == SCHEMA["paths"]


@pytest.mark.parametrize("operation", READS, ids=str)
def test_ids_are_made_by_the_server_and_times_are_in_utc(
    world: World, operation: Operation
) -> None:
    answer = world.ask(operation)
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return
    for key, value in values(answer.json()):
        if value is None or not isinstance(value, str):
            continue
        if key == "id" or key.endswith("_id"):
            assert str(UUID(value)) == value
        if key == "time" or key.endswith("_at"):
            assert TIME.fullmatch(value), (key, value)
            assert datetime.fromisoformat(value).utcoffset() is not None


def test_every_list_takes_limit_and_cursor_and_none_is_a_bare_array() -> None:
    found = {operation.path for operation in LISTS}
    assert {"/api/networks", "/api/datasets", "/api/runs", "/api/samples", "/api/gallery"} < found
    for operation in LISTS:
        assert set(operation.parameters("query")) >= {"limit", "cursor"}
        assert set(schema_of(operation)["properties"]) == {"items", "next_cursor"}
    assert [str(operation) for operation in READS if operation.answer.get("type") == "array"] == []


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_a_list_that_is_read_in_parts_is_the_list(world: World, operation: Operation) -> None:
    if operation.path.endswith(("networks", "datasets", "runs", "blocks")):
        for _ in range(2):
            name = f"POST {operation.path}"
            made = world.client.post(operation.path, json=world.bodies[name])
            assert made.status_code == 201, made.text
    whole = world.ask(operation, query="?limit=200").json()
    assert whole["next_cursor"] is None
    cursor, parts = "", []
    while cursor is not None:
        part = world.ask(operation, query=f"?limit=1{cursor and f'&cursor={cursor}'}").json()
        assert len(part["items"]) == 1
        parts += part["items"]
        cursor = part["next_cursor"]
    # A run that was just made goes on while its list is read.
    assert [_identity(item) for item in parts] == [_identity(item) for item in whole["items"]]


def _identity(item: dict[str, Any]) -> Any:
    names = ("id", "slug", "network_id", "version", "revision")
    return next(item[name] for name in names if name in item)


def test_the_health_tells_version_and_devices(client: TestClient) -> None:
    told = client.get("/api/health").json()
    assert told["status"] == "ok"
    assert re.match(r"\d+\.\d+", told["version"])
    assert told["devices"][0]["type"] == "cpu"
    assert {"busy", "queued", "slots"} == set(told["workers"])


def test_the_catalogue_has_every_kind_of_thing(client: TestClient) -> None:
    told = client.get("/api/catalog").json()
    kinds = {"layers", "losses", "optimizers", "schedules", "metrics"}
    kinds |= {"initializers", "regularizers", "constraints"}
    assert kinds <= set(told)
    for kind in kinds:
        assert told[kind], kind
        for entry in told[kind]:
            assert {"type", "title", "summary", "params"} <= set(entry), (kind, entry)


def test_a_check_tells_shapes_counts_and_costs_of_every_layer(
    world: World, client: TestClient
) -> None:
    body = {"architecture": ARCHITECTURE, "dataset_id": world.ids["dataset_id"]}
    told = client.post("/api/architectures/check", json=body).json()
    assert (told["ok"], told["parameters"], told["problems"]) == (True, 15, [])
    assert set(told["nodes"]) == {"input", "dense", "output"}
    dense = told["nodes"]["dense"]
    assert (dense["output_shape"], dense["parameters"]) == ([3], 15)
    assert dense["flops"] > 0
    draft = {**ARCHITECTURE, "edges": []}
    told = client.post("/api/architectures/check", json={"architecture": draft}).json()
    assert told["ok"] is False
    for problem in told["problems"]:
        assert {"severity", "code", "message", "fix", "where"} <= set(problem)


@pytest.mark.parametrize("target", ["pytorch", "keras"])
def test_the_source_has_a_file_name(world: World, client: TestClient, target: str) -> None:
    body = world.bodies["POST /api/architectures/code"] | {"target": target}
    told = client.post("/api/architectures/code", json=body).json()
    assert told["filename"] == f"{target}.py"
    compile(told["source"], told["filename"], "exec")


def test_a_network_is_saved_over_the_revision_that_it_was_read_at(client: TestClient) -> None:
    body = {"architecture": ARCHITECTURE}
    made = client.post("/api/networks", json=body)
    url, first = f"/api/networks/{made.json()['id']}", made.headers["etag"]
    assert client.get(url).headers["etag"] == first
    changed = {**body, "name": "Another"}
    assert client.put(url, json=changed).status_code == 428
    saved = client.put(url, json=changed, headers={"If-Match": first})
    assert saved.status_code == 200
    assert saved.headers["etag"] != first
    stale = client.put(url, json={**body, "name": "Third"}, headers={"If-Match": first})
    assert stale.status_code == 412
    assert stale.headers["etag"] == saved.headers["etag"]
    assert client.get(url).json()["name"] == "Another"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_a_run_answers_with_the_recipe_in_full(world: World, client: TestClient) -> None:
    recipe = client.get(f"/api/runs/{world.ids['run_id']}").json()["recipe"]
    assert {key for key in IN_FULL if recipe[key] is None} == set()
    assert None not in recipe["split"].values()
    assert recipe["optimizer"]["learning_rate"] == 0.001
    assert recipe["split"] == {
        "validation": 0.2,
        "test": 0.2,
        "seed": 1,
        "stratify": True,
        "shuffle": True,
    }
    again = {"architecture": ARCHITECTURE, "dataset_id": world.ids["dataset_id"], "recipe": recipe}
    made = client.post("/api/runs", json=again)
    assert made.status_code == 201, made.text
    assert made.json()["recipe"] == recipe


def test_events_are_numbered_without_a_gap_and_told_alike_in_both_ways(
    world: World, client: TestClient
) -> None:
    url = f"/api/runs/{world.ids['run_id']}"
    told = client.get(f"{url}/events").json()
    events = told["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(TIME.fullmatch(event["time"]) for event in events)
    assert {"status", "progress", "metrics", "layers", "checkpoint"} <= {
        event["kind"] for event in events
    }
    assert told["state"] == events[-1]["state"] in TERMINAL
    for after in (0, 1, len(events) - 1, len(events), len(events) + 7):
        rest = client.get(f"{url}/events?after={after}").json()["events"]
        assert rest == events[after:]
        live = []
        with client.websocket_connect(f"{url}/live?after={after}", headers={"Host": HOST}) as feed:
            while (message := feed.receive())["type"] == "websocket.send":
                live.append(message["text"])
        assert message["code"] == 1000
        assert [json.loads(text) for text in live] == rest


@on_sqlite_alone
@pytest.mark.parametrize(
    "what",
    sorted(
        next(
            operation.parameters("path")["what"]["enum"]
            for operation in OPERATIONS
            if "what" in operation.parameters("path")
        )
    ),
)
def test_every_download_is_a_file_with_its_name(
    world: World, client: TestClient, what: str
) -> None:
    answer = client.get(f"/api/runs/{world.ids['run_id']}/download/{what}")
    assert answer.status_code == 200, answer.text
    assert f'attachment; filename="{what}"' in answer.headers["content-disposition"]
    assert answer.content


@pytest.mark.parametrize("range_", ["bytes=0-3", "bytes=5-1", "bytes=x", "lines=1-2"])
def test_a_download_is_whole_and_leaves_nothing_whatever_part_is_asked_for(
    world: World, client: TestClient, range_: str
) -> None:
    url = f"/api/runs/{world.ids['run_id']}/download/architecture.json"
    answer = client.get(url, headers={"Range": range_})
    assert answer.status_code == 200
    assert answer.json()["format"] == "neuroloom/1"
    assert list((world.folder / "uploads").iterdir()) == []
