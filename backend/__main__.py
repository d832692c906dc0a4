"""`python -m backend` (or `neuroloom`): start the server and print the address to open.

Kept light: every process that the fork server starts imports this file once more.
"""


def main() -> None:
    """Serve until Ctrl-C."""
    from backend.server import Server
    from backend.settings import Settings

    Server(Settings()).run()


if __name__ == "__main__":
    main()
