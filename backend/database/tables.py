"""The tables. JSON columns hold the documents of `models`, as they were accepted."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, String, Text, and_
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    foreign,
    mapped_column,
    relationship,
)
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """A point in time, always UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """The type of its values."""
        return datetime

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: Utc}


class NetworkRow(Base):
    """A network as last saved; its earlier states are in `RevisionRow`."""

    __tablename__ = "networks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int] = mapped_column(default=1)
    architecture: Mapped[dict[str, Any]]
    dataset_id: Mapped[UUID | None]
    recipe: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    place: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    """Where it stands in the list: larger than that of all changed before."""

    def kept(self, note: str | None) -> "RevisionRow":
        """Return its present state as a revision, which has an id and a number once flushed."""
        return RevisionRow(
            network_id=self.id,
            revision=self.revision,
            note=note,
            architecture=self.architecture,
            dataset_id=self.dataset_id,
            recipe=self.recipe,
        )


class RevisionRow(Base):
    """A state of a network, kept as it was saved."""

    __tablename__ = "revisions"

    network_id: Mapped[UUID] = mapped_column(
        ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str | None] = mapped_column(String(500))
    architecture: Mapped[dict[str, Any]]
    dataset_id: Mapped[UUID | None]
    recipe: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class BlockRow(Base):
    """A block saved for reuse: an architecture whose only layer is made of it."""

    __tablename__ = "blocks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    architecture: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    place: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    """Where it stands in the list: larger than that of all changed before."""


class VersionRow(Base):
    """A version of a dataset; its files are in a storage folder of its own."""

    __tablename__ = "dataset_versions"

    dataset_id: Mapped[UUID] = mapped_column(
        ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    progress: Mapped[float | None]
    error: Mapped[dict[str, Any] | None]
    description: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    kind: Mapped[Literal["table", "images"] | None] = column_property(
        description["kind"].as_string(), deferred=True
    )
    rows: Mapped[int | None] = column_property(description["rows"].as_integer(), deferred=True)
    """These two are of the description: lists read them without all the rest."""
    filename: Mapped[str | None] = mapped_column(String(200))
    """What the original was called; None where it was not kept, as before there were versions."""
    options: Mapped[dict[str, Any] | None]
    """How it was read, as far as that was said."""
    again: Mapped[int | None]
    """The version whose original was read again for this one."""
    changes: Mapped[list[Any] | None]
    """How it differs from the version that was in use before, as notes."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class DatasetRow(Base):
    """A dataset: what it is made of is told by its versions, of which one is in use."""

    __tablename__ = "datasets"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    sample: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """The one that is in use."""
    newest: Mapped[int] = mapped_column(default=1, server_default="1")
    """The last number given to a version: none is given twice."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    place: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    """Where it stands in the list: larger than that of all that came before."""

    current: Mapped[VersionRow] = relationship(
        primaryjoin=lambda: and_(
            DatasetRow.id == foreign(VersionRow.dataset_id),
            DatasetRow.version == foreign(VersionRow.version),
        ),
        viewonly=True,
        lazy="selectin",
    )
    """The version in use, as it was when the row was read."""


class RunRow(Base):
    """A run. Its history is in `EventRow`; the columns here are what lists and the queue need."""

    __tablename__ = "runs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(unique=True)
    network_id: Mapped[UUID | None] = mapped_column(index=True)
    network_name: Mapped[str] = mapped_column(String(200))
    dataset_id: Mapped[UUID] = mapped_column(index=True)
    dataset_name: Mapped[str] = mapped_column(String(200))
    dataset_version: Mapped[int] = mapped_column(default=1, server_default="1")
    """The version that it is trained on, whichever is in use later."""
    architecture: Mapped[dict[str, Any]]
    description: Mapped[dict[str, Any]]
    """The dataset's, as it was when the run was made: its columns' roles may be changed later."""
    recipe: Mapped[dict[str, Any]]
    """As it is now, with every change that was asked for."""
    first_recipe: Mapped[dict[str, Any] | None]
    """As the run was made; None while nothing has been changed."""
    changes: Mapped[list[Any] | None]
    """What was changed of it in mid-run, in order; each says after which step, once it is known."""
    reasons: Mapped[list[Any]]
    outputs: Mapped[list[Any] | None]
    """What each Output learns; None for runs that were made before this was kept."""
    parameters: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    wanted: Mapped[str | None] = mapped_column(String(16))
    """What the user asked of the worker ("stop"); it looks here between steps."""
    epoch: Mapped[int] = mapped_column(default=0)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    best: Mapped[dict[str, Any]] = mapped_column(default=dict)
    spark: Mapped[list[Any]] = mapped_column(default=list)
    baseline: Mapped[dict[str, Any]] = mapped_column(default=dict)
    classes: Mapped[list[Any] | None]
    device: Mapped[str | None] = mapped_column(String(32))
    last_seq: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    """Which try holds the run; a worker of an earlier one is refused."""
    pid: Mapped[int | None]
    pid_started: Mapped[float | None]
    """Start time of the process, so that a reused pid is not mistaken for the worker."""
    threads: Mapped[int | None]
    """Cores dealt to the worker; the queue changes it while other runs come and go."""
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    request_hash: Mapped[str | None] = mapped_column(String(64))
    parent_id: Mapped[UUID | None] = mapped_column(index=True)
    fork: Mapped[dict[str, Any] | None]
    """What the run was forked from and what was changed; the parent may be deleted later."""
    cross_validation_id: Mapped[UUID | None] = mapped_column(index=True)
    """What the runs of all folds share; which fold it is, its recipe says."""
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CounterRow(Base):
    """The last number given to a kind of thing, so that none is given twice."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int]


class EventRow(Base):
    """The event log: the only channel between a worker and everyone who watches."""

    __tablename__ = "events"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    time: Mapped[datetime]
    data: Mapped[dict[str, Any]]

    # The rows lie in the order of their key: one tree to write to, and events side by side to read.
    __table_args__ = {"sqlite_with_rowid": False}
