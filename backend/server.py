"""The app behind uvicorn, as it is served to people."""

import gc
from typing import Any

import uvicorn

from backend.app import create_app
from backend.http import HttpProtocol
from backend.settings import Settings
from backend.websocket import WebSocketProtocol

PINGS_IN_PATIENCE = 6
"""Pings sent to a watcher while it has the time to answer the first one."""


class Server(uvicorn.Server):
    """Serves the app of these settings, and says where to open it."""

    def __init__(self, settings: Settings) -> None:
        patience = settings.watcher_patience_seconds

        class Protocol(WebSocketProtocol):
            stalled_seconds = patience

        super().__init__(
            uvicorn.Config(
                create_app(settings),
                host=settings.host,
                port=settings.port,
                http=HttpProtocol,
                ws=Protocol,
                ws_ping_interval=patience / PINGS_IN_PATIENCE,
                ws_ping_timeout=patience,
                # Events are small and many: deflating them costs more than it saves.
                ws_per_message_deflate=False,
                access_log=False,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )

    @property
    def url(self) -> str:
        """The address to open, once the server has started."""
        port = self.servers[0].sockets[0].getsockname()[1]
        host = self.config.host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Begin to listen, and print the address."""
        await super().startup(sockets)
        # Garbage is looked for among what is made from now on; see `__main__`.
        gc.freeze()
        gc.enable()
        if self.started:
            print(f"Neuroloom is ready: open {self.url}", flush=True)
