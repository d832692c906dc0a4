"""`python -m backend` (or `neuroloom`): start the server and print the address to open.

Kept light: every process that the fork server starts imports this file once more.
"""

from typing import Any


def main() -> None:
    """Serve until Ctrl-C."""
    import uvicorn

    from backend.app import create_app
    from backend.settings import Settings

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                port = self.servers[0].sockets[0].getsockname()[1]
                name = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
                print(f"Neuroloom is ready: open http://{name}:{port}", flush=True)

    settings = Settings()
    Server(
        uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            ws="backend.websocket:WebSocketProtocol",
            ws_ping_interval=5,
            ws_ping_timeout=30,
            # Events are small and many: deflating them for each watcher costs more than it saves.
            ws_per_message_deflate=False,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    ).run()


if __name__ == "__main__":
    main()
