"""`python -m backend` (or `neuroloom`): start the server and print the address to open.

Kept light: every process that the fork server starts imports this file once more.
"""

import gc


def main() -> None:
    """Serve until Ctrl-C."""
    # What is made while the server starts stays: looking through it for garbage only takes time.
    gc.disable()
    from backend.server import Server
    from backend.settings import Settings

    Server(Settings()).run()


if __name__ == "__main__":
    main()
