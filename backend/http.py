"""The server's end of HTTP: what is no request at all is refused in the one shape as well."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from backend.errors import ApiError
from backend.security import BASE_HEADERS


class HttpProtocol(H11Protocol):
    """Answers a request that cannot be read as every other error is answered."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what came and close the connection, since nobody knows where it ends."""
        told = ApiError(
            400,
            "http_unreadable",
            "Expected an HTTP request, got bytes that cannot be read as one. Send it again.",
        ).response()
        headers = [
            *told.raw_headers,
            *((name.encode(), value.encode()) for name, value in BASE_HEADERS.items()),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=told.status_code, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(told.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()
