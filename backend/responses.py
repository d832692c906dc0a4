"""Files as answers: always whole."""

from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

PARTS = (b"range", b"if-range")


def without_range(scope: Scope) -> Scope:
    """Return a request that asks for all of a file, whichever part it asked for.

    None of our files is large enough to be worth its parts, and a part that cannot be sent would be
    refused in a shape that is not ours.
    """
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in PARTS]}


class MadeFile(FileResponse):
    """A file that was made for this answer: gone when it is sent, however the sending ended."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file and remove it."""
        try:
            await super().__call__(without_range(scope), receive, send)
        finally:
            Path(self.path).unlink(missing_ok=True)
