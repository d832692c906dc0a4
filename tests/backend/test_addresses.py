"""Ids, parameters and headers of every operation, in every wrong way."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from tests.backend.conftest import client_of, make_settings
from tests.backend.world import OPERATIONS, Operation, World, error_of

KEY = "Idempotency-Key"


@pytest.fixture(scope="module")
def world(shared_data: Path, shared_database_url: str) -> Iterator[World]:
    app = create_app(make_settings(shared_data, database_url=shared_database_url))
    with client_of(app) as client:
        yield World.made_by(client, app.state.database, shared_data)


def ids_that_are_none(id: str) -> list[str]:
    """Return what is no id of anything, the spellings of one that Python would take among it."""
    return [
        "1",
        "-1",
        "null",
        "NaN",
        "*",
        "0" * 32,
        "x" * 5_000,
        "..%2f..%2fneuroloom.sqlite3",
        "..%2Fnetworks",
        "..%5c..%5cx",
        "%00",
        f"{id}%00",
        f"{id}%0a",
        f"{id}%20",
        f"%20{id}",
        f"{id};x",
        f"{id}/",
        f"{{{id}}}",
        f"urn:uuid:{id}",
        id.replace("-", ""),
        "%ff%fe",
        "%ed%a0%80",
        "%F0%9F%98%80",
        "%0d%0aX-Injected:%20yes",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        str(uuid4()),
    ]


BY_ID = [
    (operation, name)
    for operation in OPERATIONS
    for name in operation.parameters("path")
    if name.endswith("_id")
]


@pytest.mark.parametrize(("operation", "name"), BY_ID, ids=lambda value: str(value))
def test_what_is_no_id_is_404(unchanged: World, operation: Operation, name: str) -> None:
    body = json.dumps(unchanged.bodies.get(str(operation), {})) if operation.takes_json else None
    headers = {"Content-Type": "application/json", "If-Match": "*"}
    for id in ids_that_are_none(unchanged.ids[name]):
        answer = unchanged.client.request(
            operation.method, unchanged.url(operation, **{name: id}), content=body, headers=headers
        )
        assert error_of(answer, 404)["code"] == "not_found", id
        assert "x-injected" not in answer.headers


NAMED = [
    (operation, name)
    for operation in OPERATIONS
    for name in operation.parameters("path")
    if not name.endswith("_id")
]


@pytest.mark.parametrize(("operation", "name"), NAMED, ids=lambda value: str(value))
def test_a_name_or_number_of_nothing_is_404(
    unchanged: World, operation: Operation, name: str
) -> None:
    for value in ["-1", "9" * 400, "1.0", "1_0", "%2B1", "nothing", "..%2fx", "%00", "x" * 5_000]:
        answer = unchanged.client.request(
            operation.method, unchanged.url(operation, **{name: value})
        )
        assert error_of(answer, 404)["code"] == "not_found", value


NUMBERS = [
    (operation, name)
    for operation in OPERATIONS
    for name, schema in operation.parameters("query").items()
    if schema.get("type") == "integer"
]
NO_NUMBERS = ["", "-1", "5.0", "1e1", "1_0", "%2B5", "%205", "5%20", "0x10", "%EF%BC%95", "x"]
NO_NUMBERS += ["NaN", "true", "%00", "%ff", "9" * 30, "9" * 5_000, "5;x", "5,6", "[5]"]


@pytest.mark.parametrize(("operation", "name"), NUMBERS, ids=lambda value: str(value))
def test_what_is_no_number_in_range_is_422(
    unchanged: World, operation: Operation, name: str
) -> None:
    body = json.dumps(unchanged.bodies[str(operation)]) if operation.takes_json else None
    for value in NO_NUMBERS:
        told = error_of(unchanged.ask(operation, body, query=f"?{name}={value}"), 422)
        assert told["where"]["path"] == ["query", name], value
    bounds = operation.parameters("query")[name]
    for value in (bounds["minimum"], bounds["maximum"]):
        assert unchanged.ask(operation, body, query=f"?{name}={value}").status_code == 200
    error_of(unchanged.ask(operation, body, query=f"?{name}={bounds['maximum'] + 1}"), 422)


LISTS = [operation for operation in OPERATIONS if "cursor" in operation.parameters("query")]
NO_CURSORS = ["x", "=", "%00", "%ff", "x" * 201, "bnVsbA==", "W10=", "WzFlNDAwXQ==", "W05hTl0="]
NO_CURSORS += ["W1tbW10=", "e30=", "WyIiXQ==", "WyIyMDIwIiwieCJd", "%F0%9F%98%80", "-1", "/etc"]


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_a_cursor_that_was_not_given_out_is_422(unchanged: World, operation: Operation) -> None:
    for cursor in NO_CURSORS:
        told = error_of(unchanged.ask(operation, query=f"?cursor={cursor}"), 422)
        assert told["where"]["path"] == ["query", "cursor"], cursor


CHOICES = [
    (operation, name)
    for operation in OPERATIONS
    for name, schema in operation.parameters("query").items()
    if "enum" in schema or "uuid" in json.dumps(schema)
]


@pytest.mark.parametrize(("operation", "name"), CHOICES, ids=lambda value: str(value))
def test_a_choice_that_is_none_is_422(unchanged: World, operation: Operation, name: str) -> None:
    for value in ["", "x", "%00", "TEST", "0" * 32, "x" * 5_000]:
        told = error_of(unchanged.ask(operation, query=f"?{name}={value}"), 422)
        assert told["where"]["path"] == ["query", name]


HEADERS = {
    "Accept": ["text/html", "\xe9", "x" * 5_000],
    "Accept-Encoding": ["\xe9", "gzip;q=x"],
    "Connection": ["close"],
    "Cookie": ["\xe9=\xe9", "x" * 5_000],
    "Expect": ["100-continue"],
    "If-Match": ["\xe9", "x" * 201],
    "If-Modified-Since": ["yesterday"],
    "If-None-Match": ["\xe9", "*"],
    "If-Range": ["\xe9"],
    "Range": ["bytes=5-1", "bytes=a-b", "bytes=" + "0-0," * 500 + "1-1", "bytes=99999999999999-"],
    "X-Forwarded-For": ["x", "\xe9"],
    "X-HTTP-Method-Override": ["DELETE"],
    KEY: ["\xe9", "x" * 201],
}


REFUSED = {
    "POST /api/runs/{run_id}/resume": b'{"epochs": 0}',
    "POST /api/runs/{run_id}/fork": b'{"from": "nowhere"}',
}
"""Bodies for operations that an empty one would start."""


@pytest.mark.parametrize("header", HEADERS)
def test_a_strange_header_is_refused_or_read_over(unchanged: World, header: str) -> None:
    for operation in OPERATIONS:
        if operation.method not in ("GET", "PUT", "POST"):
            continue
        for value in HEADERS[header]:
            sent = [(header.encode(), value.encode("latin-1"))]
            body = b"{}" if operation.takes_json else None
            if operation.method != "GET":
                sent.append((b"content-type", b"application/json"))
            body = REFUSED.get(str(operation), body)
            answer = unchanged.client.request(
                operation.method, unchanged.url(operation), content=body, headers=sent
            )
            if answer.status_code >= 400:
                error_of(answer, 400, 404, 409, 412, 416, 422, 428)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "OPTIONS", "X" * 100])
def test_a_method_that_no_address_knows_is_405(unchanged: World, method: str) -> None:
    for operation in OPERATIONS:
        answer = unchanged.client.request(method, unchanged.url(operation))
        told = error_of(answer, 405)
        assert told["code"] == "method_not_allowed"
        known = {o.method for o in OPERATIONS if o.path == operation.path}
        assert set(answer.headers["allow"].split(", ")) == known
        assert all(name in told["message"] for name in known)


def test_an_address_of_nothing_is_404_for_every_method(world: World) -> None:
    client: TestClient = world.client
    for path in ("/api", "/api/", "/api/x", "/api/networks/", "/api//networks", "/API/networks"):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer: Any = client.request(method, path)
            if path != "/API/networks" or method != "GET":  # Which is a page of the browser's.
                error_of(answer, 404)
