"""The OpenAPI document is complete, and what is generated from it is up to date."""

import json
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import response_schema_conformance
from starlette.testclient import TestClient

from backend.app import create_app
from backend.openapi import PATH, document
from backend.settings import Settings

METHODS = {"get", "put", "post", "patch", "delete"}
EXAMPLES = 6
PREPARED = {"method", "url", "headers", "params", "data", "files", "json"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(document())


def operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        for path in schema["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]


def test_the_document_in_the_frontend_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == document(), "Out of date. Renew with: make generate"


def test_every_operation_tells_its_error_in_the_one_shape(schema: dict[str, Any]) -> None:
    for operation in operations(schema):
        error = operation["responses"]["default"]["content"]["application/json"]["schema"]
        assert error == {"$ref": "#/components/schemas/Error"}, operation["operationId"]
        assert "422" not in operation["responses"], operation["operationId"]


def test_every_operation_is_named_described_and_tells_its_answer(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(schema)]
    assert len(set(names)) == len(names)
    assert {"list_networks", "check_architecture", "create_run", "read_events"} <= set(names)
    for operation in operations(schema):
        assert operation["description"]
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert success


def test_every_live_message_is_in_the_document(schema: dict[str, Any]) -> None:
    event = schema["components"]["schemas"]["Events"]["properties"]["events"]["items"]
    assert set(event["discriminator"]["mapping"]) == {
        "status",
        "progress",
        "metrics",
        "layers",
        "finding",
        "checkpoint",
        "change",
    }


@pytest.fixture(scope="module")
def client(shared_client: TestClient) -> TestClient:
    return shared_client


_app = create_app(Settings(_env_file=None))  # pyright: ignore[reportCallIssue]
_api = schemathesis.openapi.from_dict(_app.openapi())


@_api.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
def test_whatever_is_sent_is_answered_as_documented(
    case: schemathesis.Case, client: TestClient
) -> None:
    arguments = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
    sent = requests.Request(
        **{key: value for key, value in arguments.items() if key in PREPARED}
    ).prepare()
    answer = client.request(
        str(sent.method),
        str(sent.url),
        content=sent.body,  # pyright: ignore[reportArgumentType] — bytes or text, as httpx takes it
        headers={str(name): str(value) for name, value in sent.headers.items()},
    )
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error"}
    case.validate_response(
        schemathesis.Response.from_any(answer), checks=[response_schema_conformance]
    )
