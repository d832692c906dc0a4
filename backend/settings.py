"""Everything that can be set, by environment variable or in a `.env` file."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MEGABYTE = 1024 * 1024
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """The server's settings; `PORT=9000 python -m backend` sets one of them."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(
        default=8000, ge=0, le=65_535, description="Port to listen on; 0 takes a free one"
    )
    data_dir: Path = Field(default=Path("data"), description="The one folder that holds all data")
    database_url: str = Field(
        default="", description="Empty: SQLite in DATA_DIR; or postgresql://…"
    )
    allowed_hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="Names beside localhost that the server may be reached by, by comma",
    )
    max_json_bytes: int = Field(default=16 * MEGABYTE, gt=0, description="Largest JSON body")
    max_upload_bytes: int = Field(default=2048 * MEGABYTE, gt=0, description="Largest upload")
    slots: int = Field(
        default_factory=lambda: min(available_cores(), 4),
        ge=1,
        le=256,
        description="How many runs may train at the same time",
    )
    cores: int = Field(
        default_factory=lambda: available_cores(), ge=1, description="Cores dealt out over the runs"
    )
    small_upload_bytes: int = Field(
        default=20 * MEGABYTE, ge=0, description="Files up to this size are read before the answer"
    )
    watcher_patience_seconds: float = Field(
        default=30, gt=0, description="How long a watcher of a run may read nothing"
    )
    ingest_memory_bytes: int = Field(
        default=4096 * MEGABYTE, gt=0, description="Memory that reading one dataset may take"
    )

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(name.strip().lower() for name in value.split(",") if name.strip())
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'neuroloom.sqlite3'}"
        # PostgreSQL is reached by psycopg 3; SQLAlchemy would take the bare name for psycopg 2.
        for prefix in ("postgres://", "postgresql://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def hosts(self) -> frozenset[str]:
        """Every host name that a request may be addressed to."""
        return LOCAL_HOSTS | self.allowed_hosts
