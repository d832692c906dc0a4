"""Lists stand in the order in which things were made or changed, whatever the clock said."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import JSON, Uuid, column, insert, select, table, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from backend.database.counters import next_number
from backend.database.engine import Database
from backend.database.migrate import migrate
from backend.database.tables import BlockRow, DatasetRow, NetworkRow, Utc
from backend.database.upgrade import config
from backend.settings import Settings
from tests.backend.test_blocks import PAIR
from tests.backend.test_networks import architecture

FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
BODIES = {
    "networks": {"architecture": architecture()},
    "datasets": {"sample": "wine"},
    "blocks": {"architecture": PAIR},
}
TABLES = {"networks": NetworkRow, "datasets": DatasetRow, "blocks": BlockRow}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def make(client: TestClient, what: str) -> str:
    answer = client.post(f"/api/{what}", json=BODIES[what])
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def listed(client: TestClient, what: str) -> list[str]:
    """Return the ids of a list that is read one by one."""
    ids, cursor = [], ""
    while cursor is not None:
        part = client.get(f"/api/{what}?limit=1{cursor and f'&cursor={cursor}'}").json()
        ids += [item["id"] for item in part["items"]]
        cursor = part["next_cursor"]
    return ids


def set_clock(session: Session, what: str, **times: datetime) -> None:
    """Let everything have been made and changed at another time."""
    session.execute(update(TABLES[what]).values(**times))


@pytest.mark.parametrize("what", BODIES)
def test_what_is_made_after_the_clock_jumped_back_comes_first(
    client: TestClient, database: Database, what: str
) -> None:
    before = [make(client, what) for _ in range(3)]
    times = {"created_at": FUTURE} | ({"updated_at": FUTURE} if what != "datasets" else {})
    with database.session() as session:
        set_clock(session, what, **times)
    after = [make(client, what) for _ in range(2)]
    assert listed(client, what) == [*reversed(after), *reversed(before)]


@pytest.mark.parametrize("what", ["networks", "blocks"])
def test_what_is_changed_after_the_clock_jumped_back_comes_first(
    client: TestClient, database: Database, what: str
) -> None:
    first, second = make(client, what), make(client, what)
    with database.session() as session:
        set_clock(session, what, created_at=FUTURE, updated_at=FUTURE)
    changed = {"architecture": {**BODIES[what]["architecture"], "name": "Another"}}
    headers = {"If-Match": "*"}
    assert client.put(f"/api/{what}/{first}", json=changed, headers=headers).status_code == 200
    assert listed(client, what) == [first, second]


def test_what_was_there_before_keeps_the_order_of_its_times(
    settings: Callable[..., Settings], empty_database_url: str
) -> None:
    database = Database(settings(database_url=empty_database_url).database)
    command.upgrade(config(database), "0003")
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    times = [column(name, Utc()) for name in ("created_at", "updated_at")]
    old = table(
        "blocks", column("id", Uuid()), column("name"), column("architecture", JSON()), *times
    )
    with database.session() as session:
        for hour in (3, 1, 4, 2):
            time = noon + timedelta(hours=hour)
            kept = {"id": uuid4(), "name": str(hour), "architecture": {}}
            session.execute(insert(old).values(**kept, created_at=time, updated_at=time))
    migrate(database)
    with database.session() as session:
        last = next_number(session, "blocks")
        rows = session.scalars(select(BlockRow).order_by(BlockRow.place)).all()
    assert [(row.name, row.place) for row in rows] == [(str(n), n) for n in (1, 2, 3, 4)]
    assert last == 5
    database.close()
