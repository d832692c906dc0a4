"""A run is found by its number and by the words that people see of it, however old it is."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.engine import Database
from backend.settings import Settings
from models.training.events import Status
from tests.backend.conftest import client_of
from tests.backend.runs.rows import add_run, append

NAMES = [("Digits, small", "digits"), ("Digits, large", "digits"), ("100 % linear", "iris_2")]


@pytest.fixture
def client(settings: Callable[..., Settings], database_url: str) -> Iterator[TestClient]:
    """A client of an app that finds three ended runs when it starts."""
    database = Database(database_url)
    for network, dataset in NAMES:
        run = add_run(database, network_name=network, dataset_name=dataset)
        append(database, run, Status(state="completed"))
    database.close()
    with client_of(create_app(settings(database_url=database_url))) as client:
        yield client


FOUND = {
    "": [3, 2, 1],
    "run 3": [3],
    "digits": [2, 1],
    "LARGE dig": [2],
    "digits linear": [],
    "completed  iris": [3],
    "0 %": [3],
    "_": [3],
    "%25": [],
}


def test_a_run_has_all_words_of_a_search(client: TestClient):
    for search, numbers in FOUND.items():
        answer = client.get("/api/runs", params={"search": search})
        assert [run["number"] for run in answer.json()["items"]] == numbers, search


def test_what_is_found_is_told_in_parts(client: TestClient):
    first = client.get("/api/runs", params={"search": "digits", "limit": 1}).json()
    assert [run["number"] for run in first["items"]] == [2]
    rest = {"search": "digits", "cursor": first["next_cursor"]}
    told = client.get("/api/runs", params=rest).json()
    assert [run["number"] for run in told["items"]] == [1]
    assert told["next_cursor"] is None


def test_a_text_that_no_name_can_have_is_refused(client: TestClient):
    for search in ("\0", "x" * 201):
        answer = client.get("/api/runs", params={"search": search})
        assert answer.status_code == 422
        assert answer.json()["error"]["where"]["path"] == ["query", "search"]
