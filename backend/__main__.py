"""`python -m backend` (or `neuroloom`): start the server and print the address to open.

Kept light: every process that the fork server starts imports this file once more.
"""


def main() -> None:
    """Serve until Ctrl-C."""
    import uvicorn

    from backend.app import create_app
    from backend.settings import Settings

    settings = Settings()
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    server.run()


if __name__ == "__main__":
    main()
