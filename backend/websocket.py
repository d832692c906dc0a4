"""The server's end of a websocket: a peer that takes nothing is let go, and nobody waits for it."""

import asyncio

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

STALLED_SECONDS = 30.0
"""How long a peer may take nothing of what is sent, or leave a ping unanswered."""
LINGER_SECONDS = 60.0
"""How long the close frame waits for a peer that wakes up after all."""
TRY_AGAIN_LATER = 1013


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Closes with 1013 when the peer has read nothing for `STALLED_SECONDS`.

    Either the buffers are full for so long, or (when few events leave them empty) a ping is not
    answered for so long, for a peer that does not read does not see the ping.
    """

    _stall: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Begin to count when the peer's buffers are full."""
        super().pause_writing()
        if self._stall is None:
            self._stall = self.loop.call_later(STALLED_SECONDS, self.keepalive_timeout)

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
        reason = f"nothing was read for {STALLED_SECONDS:g} s"
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
