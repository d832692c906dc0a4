"""Saved networks: nothing that was saved is lost, and nobody saves over another's work unasked."""

import json
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.backend.world import error_of


def architecture(**changes: Any) -> dict[str, Any]:
    return {
        "format": "neuroloom/1",
        "name": "Two layers",
        "nodes": [
            {"id": "input", "type": "Input", "params": {"shape": [4]}},
            {"id": "dense", "type": "Dense", "params": {"units": 3}},
        ],
        "edges": [{"source": "input", "target": "dense"}],
        "layout": {"input": [0, 0], "dense": [0.5, 120]},
        **changes,
    }


def create(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post("/api/networks", json={"architecture": architecture(), **body})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/networks/{answer.json()['id']}"
    return answer.json()


def save(client: TestClient, id: str, revision: int, **body: Any) -> Any:
    return client.put(
        f"/api/networks/{id}",
        json={"architecture": architecture(), **body},
        headers={"If-Match": f'"{revision}"'},
    )


def test_a_saved_network_is_read_as_it_was_saved(client: TestClient) -> None:
    recipe = {"target": "species", "optimizer": {"type": "Adam", "learning_rate": 0.01}}
    made = create(client, name="Mine", recipe=recipe)
    answer = client.get(f"/api/networks/{made['id']}")
    assert answer.headers["etag"] == '"1"'
    read = answer.json()
    assert read == made
    assert (read["name"], read["nodes"], read["revision"]) == ("Mine", 2, 1)
    assert [node["params"] for node in read["architecture"]["nodes"]] == [
        {"shape": [4]},
        {"units": 3},
    ]
    assert read["architecture"]["layout"]["dense"] == [0.5, 120]
    assert read["recipe"]["optimizer"] == recipe["optimizer"]
    assert read["created_at"].endswith("Z")


def test_a_draft_with_a_cycle_can_be_saved(client: TestClient) -> None:
    edges = [{"source": "input", "target": "dense"}, {"source": "dense", "target": "input"}]
    create(client, architecture=architecture(edges=edges))


@pytest.mark.parametrize(
    "name",
    ["</script><img src=x onerror=alert(1)>", "x\rimport os", '"""', "{{7*7}}", "网络 🧠", "  "],
)
def test_any_text_is_a_name_and_comes_back_unchanged(client: TestClient, name: str) -> None:
    made = create(client, architecture=architecture(name=name))
    assert client.get(f"/api/networks/{made['id']}").json()["architecture"]["name"] == name


@pytest.mark.parametrize("text", ["\0", "\ud800", "a\udfffb"])
def test_text_that_cannot_be_stored_is_refused(client: TestClient, text: str) -> None:
    body = json.dumps({"architecture": {"format": "neuroloom/1"}, "name": text})
    answer = client.post(
        "/api/networks", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["where"]["path"] == ["name"]
    assert client.get("/api/networks").json()["items"] == []


def test_a_network_of_no_dataset_that_is_there_is_refused(client: TestClient) -> None:
    made = create(client)
    body = {"architecture": architecture(), "dataset_id": str(uuid4())}
    answers = [client.post("/api/networks", json=body), save(client, made["id"], 1, **body)]
    for answer in answers:
        error = error_of(answer, 422)
        assert (error["code"], error["where"]["path"]) == ("no_such_dataset", ["dataset_id"])
        assert body["dataset_id"] in error["message"]
    assert [item["revision"] for item in client.get("/api/networks").json()["items"]] == [1]
    error_of(save(client, str(uuid4()), 1, **body), 404)


def test_a_network_outlives_its_dataset_and_so_do_its_revisions(client: TestClient) -> None:
    dataset = client.post("/api/datasets", json={"sample": "wine"}).json()["id"]
    made = create(client, dataset_id=dataset)
    assert made["dataset_id"] == dataset
    assert client.delete(f"/api/datasets/{dataset}").status_code == 204
    url = f"/api/networks/{made['id']}"
    assert client.get(url).json()["dataset_id"] is None
    first = client.get(f"{url}/revisions/1").json()
    assert first["dataset_id"] is None
    assert save(client, made["id"], 1, architecture=first["architecture"]).status_code == 200


def test_saving_makes_a_revision_and_keeps_the_earlier_one(client: TestClient) -> None:
    made = create(client)
    saved = save(client, made["id"], 1, name="Renamed", note="Before the exam")
    assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
    assert saved.json()["updated_at"] > made["updated_at"]
    listed = client.get(f"/api/networks/{made['id']}/revisions").json()["items"]
    assert [(item["revision"], item["note"]) for item in listed] == [
        (2, "Before the exam"),
        (1, None),
    ]
    first = client.get(f"/api/networks/{made['id']}/revisions/1").json()
    assert first["architecture"] == made["architecture"]


def test_saving_what_is_saved_already_makes_no_revision(client: TestClient) -> None:
    made = create(client)
    assert save(client, made["id"], 1).json()["revision"] == 1
    assert save(client, made["id"], 1, note="Named").json()["revision"] == 2


def test_a_save_without_if_match_is_refused_with_428(client: TestClient) -> None:
    made = create(client)
    answer = client.put(
        f"/api/networks/{made['id']}", json={"architecture": architecture(), "name": "Lost"}
    )
    assert answer.status_code == 428
    assert '"1"' in answer.json()["error"]["message"]
    assert client.get(f"/api/networks/{made['id']}").json() == made


def test_the_second_of_two_tabs_is_told_the_newest_revision(client: TestClient) -> None:
    made = create(client)
    first = save(client, made["id"], 1, name="First tab")
    second = save(client, made["id"], 1, name="Second tab")
    assert second.status_code == 412
    assert '"2"' in second.json()["error"]["message"]
    assert second.headers["etag"] == '"2"'
    assert client.get(f"/api/networks/{made['id']}").json() == first.json()


def test_if_match_accepts_any_of_a_list_and_the_star(client: TestClient) -> None:
    made = create(client)
    body = {"architecture": architecture(), "name": "A"}
    url = f"/api/networks/{made['id']}"
    assert client.put(url, json=body, headers={"If-Match": '"7", "1"'}).status_code == 200
    assert client.put(url, json=body, headers={"If-Match": "*"}).status_code == 200
    assert client.put(url, json=body, headers={"If-Match": 'W/"2"'}).status_code == 412


def test_a_list_is_read_in_parts_without_gap_or_double(client: TestClient) -> None:
    ids = [create(client, name=f"Network {number}")["id"] for number in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        part = client.get("/api/networks", params=params).json()
        assert "items" in part, part
        seen += [item["id"] for item in part["items"]]
        if len(seen) == 3:
            create(client, name="Made between two parts")
        cursor = part["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "Wy0xXQ==", "W10=", "ä", "e30=", "A" * 200])
def test_a_cursor_that_was_not_given_out_is_refused(client: TestClient, cursor: str) -> None:
    made = create(client)
    for url in ("/api/networks", f"/api/networks/{made['id']}/revisions"):
        answer = client.get(url, params={"cursor": cursor})
        assert answer.status_code == 422, url
        assert answer.json()["error"]["where"]["path"] == ["query", "cursor"]


def test_deleting_a_network_takes_its_revisions_along(client: TestClient) -> None:
    made = create(client)
    url = f"/api/networks/{made['id']}"
    assert client.delete(url).status_code == 204
    for path in (url, f"{url}/revisions", f"{url}/revisions/1"):
        assert client.get(path).status_code == 404
    assert client.delete(url).status_code == 404
    assert client.get("/api/networks").json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("revision", ["0", "-1", "99", str(2**31), str(2**70)])
def test_a_revision_that_is_not_there_is_404(client: TestClient, revision: str) -> None:
    made = create(client)
    assert client.get(f"/api/networks/{made['id']}/revisions/{revision}").status_code == 404
