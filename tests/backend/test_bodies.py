"""Bodies of requests: what cannot be read, what is wrong, what is too large, and how it is told."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from backend.settings import Settings
from tests.backend.conftest import client_of, make_settings
from tests.backend.test_networks import architecture


@pytest.fixture(scope="module")
def client(shared_data: Path, shared_database_url: str) -> Iterator[TestClient]:
    values = make_settings(shared_data, database_url=shared_database_url, max_json_bytes=200_000)
    with client_of(create_app(values)) as client:
        yield client
        # No refused body left anything behind.
        assert client.get("/api/networks").json()["items"] == []


def post(client: TestClient, text: str | bytes, kind: str | None = "application/json") -> Any:
    headers = {"Content-Type": kind} if kind else {}
    return client.post("/api/networks", content=text, headers=headers)


def error(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    return answer.json()["error"]


def with_node(**node: Any) -> dict[str, Any]:
    nodes = [{"id": "conv_1", "type": "Conv2D", "params": {}, **node}]
    return {"architecture": architecture(nodes=nodes, edges=[])}


def with_value(value: str) -> str:
    """A body in which a parameter has a value that `json.dumps` would not write."""
    return json.dumps(with_node(params={"filters": "@"})).replace('"@"', value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400])
def test_numbers_that_are_not_finite_are_unreadable(client: TestClient, value: str) -> None:
    told = error(post(client, with_value(value)), 400)
    assert told["code"] == "json_not_finite"
    assert "finite" in told["message"]


@pytest.mark.parametrize(
    "value", ["true", '"5"', "5.0", "0", "-1", "9" * 300, "1e3", "null", "[5]", "{}"]
)
def test_what_is_no_whole_number_in_range_is_refused_at_its_layer(
    client: TestClient, value: str
) -> None:
    told = error(post(client, with_value(value)), 422)
    assert told["where"]["node"] == "conv_1"
    assert told["where"]["path"][:2] == ["params", "filters"]


def test_too_many_weights_are_refused_with_the_estimated_and_the_allowed_memory(
    client: TestClient,
) -> None:
    told = error(post(client, with_value("1e9")), 422)
    assert told["where"] == {
        "node": "conv_1",
        "path": ["params", "filters"],
        "row": None,
        "column": None,
    }
    assert "allowed" in told["message"]
    assert "estimated" in told["message"]


def test_a_hundred_thousand_layers_are_refused_with_count_and_limit(settings: Any) -> None:
    nodes = [{"id": f"n{number}", "type": "Dense"} for number in range(100_000)]
    with client_of(create_app(settings())) as client:
        answer = client.post("/api/networks", json={"architecture": architecture(nodes=nodes)})
        told = error(answer, 422)
    assert "100,000" in told["message"]
    assert "2,000" in told["message"]


def test_every_problem_of_a_body_is_told_at_its_place(client: TestClient) -> None:
    nodes = [
        {"id": "a", "type": "Dens", "params": {}},
        {"id": "b", "type": "Dense", "params": {"units": 2, "unit": 3}},
        {"id": "c", "type": "Dense", "params": {"units": 2}},
        {"id": "c", "type": "Dense", "params": {"units": 2}},
    ]
    edges = [{"source": "a", "target": "gone"}]
    body = {
        "architecture": architecture(nodes=nodes, edges=edges),
        "recipe": {"epochs": "5", "batch_size": "some", "split": {"test": 1}},
        "noet": "x",
    }
    told = error(client.post("/api/networks", json=body), 422)
    problems = {
        (item["where"]["node"], *item["where"]["path"]): item["message"]
        for item in told["problems"]
    }
    assert '"Dens"' in problems["a", "type"]
    assert "Dense" in problems["a", "type"].split("Dens", 1)[1]
    assert ("b", "params", "unit") in problems
    assert ("c", "id") in problems
    assert '"gone"' in problems["a", "edges", 0]
    assert '"5"' in problems[None, "recipe", "epochs"]
    assert "'all'" in problems[None, "recipe", "batch_size"]
    assert (None, "recipe", "split", "test") in problems
    assert (None, "noet") in problems
    assert told["message"] == told["problems"][0]["message"]


def test_a_value_of_several_kinds_is_told_by_its_parts(client: TestClient) -> None:
    recipe = {"early_stopping": {"patience": 0}, "class_weight": {"a": "much"}}
    body = {"architecture": architecture(), "recipe": recipe}
    told = error(client.post("/api/networks", json=body), 422)
    assert [item["where"]["path"] for item in told["problems"]] == [
        ["recipe", "early_stopping", "patience"],
        ["recipe", "class_weight", "a"],
    ]


@pytest.mark.parametrize(
    ("recipe", "path"),
    [
        ({"clip_norm": 1e39}, ["clip_norm"]),
        ({"tolerance": 1e300}, ["tolerance"]),
        ({"class_weight": {"a": -1e39}}, ["class_weight", "a"]),
        ({"early_stopping": {"min_delta": 1e308}}, ["early_stopping", "min_delta"]),
    ],
)
def test_a_number_that_networks_cannot_compute_with_is_refused_at_its_field(
    client: TestClient, recipe: dict[str, Any], path: list[str]
) -> None:
    told = error(
        client.post("/api/networks", json={"architecture": architecture(), "recipe": recipe}), 422
    )
    assert told["where"]["path"] == ["recipe", *path]


def test_a_missing_key_is_named(client: TestClient) -> None:
    told = error(client.post("/api/networks", json={}), 422)
    assert (told["code"], told["where"]["path"]) == ("missing", ["architecture"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "line 1, column 1"),
        ('{"architecture": ', "line 1, column 18"),
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ("{'a': 1}", "line 1, column 2"),
        ('{"a": 1} {"b": 2}', "column 10"),
        ('{"a": "x\ny"}', "column"),
        (b'{"a": "\xff"}', "offset 7"),
        ('{"a": 1, "b": {"twin": 1, "twin": 2}}', "'twin'"),
        ("[" * 500 + "]" * 500, "64"),
        ('{"a":' * 500 + "1" + "}" * 500, "64"),
        ("[" * 100_000, "64"),
    ],
)
def test_unreadable_json_is_400_with_the_position(
    client: TestClient, text: str | bytes, names: str
) -> None:
    assert names in error(post(client, text), 400)["message"]


@pytest.mark.parametrize("text", ["null", "[]", '"text"', "5", "true"])
def test_json_that_is_no_object_is_refused(client: TestClient, text: str) -> None:
    error(post(client, text), 422)


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/json", "json", "a/b/c"]
)
def test_json_sent_as_something_else_is_415(client: TestClient, kind: str | None) -> None:
    body = json.dumps({"architecture": architecture()})
    assert "application/json" in error(post(client, body, kind), 415)["message"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.x+json"]
)
def test_json_is_known_by_its_type_however_it_is_written(client: TestClient, kind: str) -> None:
    answer = post(client, json.dumps({"architecture": architecture()}), kind)
    assert answer.status_code == 201
    client.delete(f"/api/networks/{answer.json()['id']}")


def test_a_byte_order_mark_before_the_json_is_read_over(client: TestClient) -> None:
    answer = post(client, b"\xef\xbb\xbf" + json.dumps({"architecture": architecture()}).encode())
    assert answer.status_code == 201
    client.delete(f"/api/networks/{answer.json()['id']}")


def test_a_body_over_the_limit_is_refused_by_its_announced_length(client: TestClient) -> None:
    told = error(post(client, b" " * 200_001), 413)
    assert "200,000" in told["message"]
    assert "200,001" in told["message"]


def test_a_body_over_the_limit_is_refused_while_it_comes(client: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 10_000
            yield b" " * 10_000

    answer = client.post(
        "/api/networks", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert "200,000" in error(answer, 413)["message"]


@pytest.mark.parametrize("length", ["-1", "1e3", "x"])
def test_a_length_that_is_no_number_is_refused(client: TestClient, length: str) -> None:
    headers = {"Content-Length": length, "Content-Type": "application/json"}
    error(client.post("/api/networks", content=b"{}", headers=headers), 400)


def test_a_method_that_an_address_does_not_know_is_405(client: TestClient) -> None:
    answer = client.put("/api/networks", json={})
    assert error(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "id", ["1", "..", "x" * 5000, "%00", "00000000-0000-0000-0000-00000000000g"]
)
def test_an_id_that_is_none_is_404(client: TestClient, id: str) -> None:
    assert error(client.get(f"/api/networks/{id}"), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=1.5", "limit=", "limit=" + "9" * 5000]
)
def test_a_limit_out_of_range_is_refused(client: TestClient, query: str) -> None:
    told = error(client.get(f"/api/networks?{query}"), 422)
    assert told["where"]["path"] == ["query", "limit"]


def test_an_unforeseen_exception_is_told_without_its_insides(
    settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings())

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("secret of /home/someone")

    with client_of(app) as client:
        answer = client.get("/api/broken")
    told = error(answer, 500)
    assert told["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "secret of /home/someone" in caplog.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_full_disk_is_told_as_507(settings: Callable[..., Settings]) -> None:
    app = create_app(settings())

    @app.get("/api/full")
    def full() -> None:
        raise OSError(28, "No space left on device", "/srv/data/x")

    with client_of(app) as client:
        answer = client.get("/api/full")
    assert error(answer, 507)["code"] == "disk_full"
    assert "/srv" not in answer.text
