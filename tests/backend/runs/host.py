"""Real servers for tests that end them: one after another, on the same data."""

import signal
from pathlib import Path

import httpx2
import psutil

from backend.database.engine import Database
from backend.settings import Settings
from backend.storage import Storage
from tests.backend.runs.lab import PATIENCE, Lab, until
from tools.server import Server, free_port, start


class Host:
    """A machine on which servers are started one after another, on the same data."""

    def __init__(self, data: Path, database_url: str, slots: int = 1) -> None:
        self.data, self.storage = data, Storage(data)
        self.environment = {"DATABASE_URL": database_url, "SLOTS": str(slots), "CORES": "1"}
        settings = Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            database_url=database_url,
        )
        self.database = Database(settings.database)
        self.servers: list[Server] = []
        self.clients: list[httpx2.Client] = []

    def start(self) -> Lab:
        """Start a server, and return what can be done with it."""
        server = start(self.data, free_port(), **self.environment)
        self.servers.append(server)
        client = httpx2.Client(base_url=server.url, timeout=60)
        self.clients.append(client)
        return Lab(client, self.database, self.storage)

    def end(self, number: int = signal.SIGKILL) -> None:
        """End the server that was started first, and wait until all but its workers is gone."""
        server = self.servers.pop(0)
        family = server.family()
        server.process.send_signal(number)
        server.process.wait()
        lab = Lab(self.clients[-1], self.database, self.storage)

        def left() -> list[psutil.Process]:
            # A worker that was just being started is known as one a moment later.
            workers = {worker.pid for worker in lab.processes()}
            return [p for p in family if p.is_running() and p.pid not in workers]

        # A fork server that is still importing torch hears of it when that is done.
        until(lambda: not left(), "gone, all but the workers", 2 * PATIENCE)

    def close(self) -> None:
        while self.servers:
            self.end(signal.SIGTERM)
        for client in self.clients:
            client.close()
        self.database.close()
