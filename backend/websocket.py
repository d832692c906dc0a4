"""The server's end of a websocket: a peer that takes nothing is let go, and nobody waits for it."""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fastapi import WebSocket
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from backend.errors import ApiError

LINGER_SECONDS = 60.0
"""How long the close frame waits for a peer that wakes up after all."""
TRY_AGAIN_LATER = 1013
FRAMES = "neuroloom.frames"
"""The extension of ASGI by which messages are sent as the bytes that go over the wire."""
MOST_AT_ONCE = 2**16
"""Bytes that are handed over before it is asked whether the peer takes them."""
REMEMBERED = 100
"""Texts whose frames are kept: those that all watchers of a run are sent at one moment."""


async def send_texts(websocket: WebSocket, texts: Iterable[str]) -> None:
    """Send each text as a message; to all who get the same ones they are put into frames once.

    Raises:
        WebSocketDisconnect: the peer is gone.
    """
    if FRAMES not in websocket.scope.get("extensions", {}):
        for text in texts:
            await websocket.send_text(text)
        return
    waiting, size = [], 0
    for text in texts:
        waiting.append(_frame(text))
        size += len(waiting[-1])
        if size >= MOST_AT_ONCE:
            await websocket.send({"type": "websocket.send", FRAMES: b"".join(waiting)})
            waiting, size = [], 0
    if waiting:
        await websocket.send({"type": "websocket.send", FRAMES: b"".join(waiting)})


@lru_cache(maxsize=REMEMBERED)
def _frame(text: str) -> bytes:
    """Return a text message as a server sends it: not masked, so the same for every peer."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Handshake(ServerProtocol):
    """Refuses what is no handshake in the one shape of every error."""

    def reject(self, status: int, text: str) -> Response:
        """Return the answer to a handshake that cannot be accepted."""
        response = super().reject(status, text)
        told = ApiError(
            status,
            "handshake_failed",
            f"Expected the handshake of a websocket, got another request. {text.strip()}",
        ).response()
        response.body = bytes(told.body)
        for name, value in (
            ("Content-Length", str(len(response.body))),
            ("Content-Type", "application/json"),
        ):
            del response.headers[name]
            response.headers[name] = value
        return response


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Closes with 1013 when the peer has read nothing for `stalled_seconds`.

    Either the buffers are full for so long, or (when few events leave them empty) a ping is not
    answered for so long, for a peer that does not read does not see the ping.
    """

    stalled_seconds: float
    """How long a peer may take nothing of what is sent, or leave a ping unanswered."""

    _stall: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = Handshake(max_size=self.config.ws_max_size, logger=self.logger)

    def handle_connect(self, event: Request) -> None:
        """Offer the app to take whole frames."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope.setdefault("extensions", {})[FRAMES] = {}

    async def send(self, message: Any) -> None:
        """Write whole frames as they are, everything else as usual.

        Raises:
            ClientDisconnected: the peer is gone.
        """
        frames = message.get(FRAMES)
        if frames is None:
            return await super().send(message)
        await self.writable.wait()
        if self.disconnected or self.close_sent:
            raise ClientDisconnected
        self.transport.write(frames)

    def pause_writing(self) -> None:
        """Begin to count when the peer's buffers are full."""
        super().pause_writing()
        if self._stall is None:
            self._stall = self.loop.call_later(self.stalled_seconds, self.keepalive_timeout)

    def resume_writing(self) -> None:
        """Stop counting when it reads again."""
        super().resume_writing()
        self._stop_counting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting when it is gone."""
        super().connection_lost(exc)
        self._stop_counting()

    def keepalive_timeout(self) -> None:
        """Let the peer go: the handler learns it at once, the peer when it reads."""
        self.stop_keepalive()
        self._stop_counting()
        if self.close_sent or self.transport.is_closing():
            return
        reason = f"nothing was read for {self.stalled_seconds:g} s"
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": TRY_AGAIN_LATER, "reason": reason}
        )
        self.conn.fail(TRY_AGAIN_LATER, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        # A handler that waits for room in the buffer is told that there will be none.
        self.disconnected = True
        self.writable.set()
        self.transport.close()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _stop_counting(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
