"""Blocks saved for reuse: by themselves, beside the networks that use them."""

import copy
from typing import Any

import pytest
from starlette.testclient import TestClient

PAIR: dict[str, Any] = {
    "format": "neuroloom/1",
    "name": "Pair",
    "nodes": [{"id": "pair", "type": "Block", "params": {"block": "pair"}}],
    "blocks": {
        "pair": {
            "title": "Pair",
            "nodes": [
                {"id": "x", "type": "Input"},
                {"id": "inner", "type": "Block", "params": {"block": "inner"}},
                {"id": "y", "type": "Output"},
            ],
            "edges": [{"source": "x", "target": "inner"}, {"source": "inner", "target": "y"}],
        },
        "inner": {
            "nodes": [
                {"id": "x", "type": "Input"},
                {"id": "dense", "type": "Dense", "params": {"units": 4}},
                {"id": "y", "type": "Output"},
            ],
            "edges": [{"source": "x", "target": "dense"}, {"source": "dense", "target": "y"}],
            "parameters": {"units": {"default": 4, "sets": [["dense", "units"]]}},
        },
    },
}


def create(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/api/blocks", json={"architecture": {**PAIR, **changes}})
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(client: TestClient) -> list[str]:
    return [block["name"] for block in client.get("/api/blocks").json()["items"]]


def test_a_saved_block_is_listed_with_all_that_it_holds(client: TestClient) -> None:
    made = create(client)
    assert made["name"] == "Pair"
    assert client.get("/api/blocks").json() == {"items": [made], "next_cursor": None}
    blocks = made["architecture"]["blocks"]
    assert blocks["inner"]["parameters"] == PAIR["blocks"]["inner"]["parameters"]
    assert [node["id"] for node in blocks["pair"]["nodes"]] == ["x", "inner", "y"]


def test_the_list_comes_in_parts_last_changed_first(client: TestClient) -> None:
    made = [create(client, name=f"Block {number}") for number in range(3)]
    client.put(f"/api/blocks/{made[0]['id']}", json={"architecture": PAIR})
    first = client.get("/api/blocks?limit=2").json()
    assert [block["name"] for block in first["items"]] == ["Pair", "Block 2"]
    rest = client.get("/api/blocks", params={"cursor": first["next_cursor"]}).json()
    assert [block["name"] for block in rest["items"]] == ["Block 1"]


def test_saving_over_a_block_keeps_its_id(client: TestClient) -> None:
    made = create(client)
    other = copy.deepcopy(PAIR) | {"name": "Wider"}
    other["blocks"]["inner"]["parameters"]["units"]["default"] = 9
    answer = client.put(f"/api/blocks/{made['id']}", json={"architecture": other})
    assert answer.status_code == 200
    saved = answer.json()
    assert (saved["id"], saved["name"]) == (made["id"], "Wider")
    assert saved["architecture"]["blocks"]["inner"]["parameters"]["units"]["default"] == 9
    assert saved["updated_at"] > made["updated_at"]
    assert listed(client) == ["Wider"]


def test_a_deleted_block_is_gone(client: TestClient) -> None:
    made = create(client)
    assert client.delete(f"/api/blocks/{made['id']}").status_code == 204
    assert listed(client) == []
    assert client.delete(f"/api/blocks/{made['id']}").status_code == 404
    assert client.put(f"/api/blocks/{made['id']}", json={"architecture": PAIR}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nodes": []}, "not_one_block"),
        ({"nodes": [{"id": "a", "type": "Dense", "params": {"units": 1}}]}, "not_one_block"),
        ({"nodes": [*PAIR["nodes"], {"id": "a", "type": "Input"}]}, "not_one_block"),
        ({"blocks": {}}, "unknown_block"),
    ],
)
def test_what_is_not_one_block_is_refused(
    client: TestClient, changes: dict[str, Any], code: str
) -> None:
    answer = client.post("/api/blocks", json={"architecture": {**PAIR, **changes}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert listed(client) == []
