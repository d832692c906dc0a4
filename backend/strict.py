"""Bodies of requests: bounded before they are buffered, and read as strict JSON."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from email.message import Message as Headers
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import ApiError
from models import strict_json
from models.errors import refuse

UTF_8 = ("utf-8", "utf8", "us-ascii")
UNSTORABLE = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
LINGER_SECONDS = 30.0
"""How long the rest of a refused body is read and thrown away."""
LARGE = 64 * 1024
"""Bytes of JSON from which reading it would hold up the event loop."""


def content_type(request: Request) -> str:
    """Return the media type of the body, without its parameters, in lower case."""
    return _headers(request).get_content_type() if request.headers.get("content-type") else ""


def _headers(request: Request) -> Headers:
    headers = Headers()
    headers["content-type"] = request.headers.get("content-type", "")
    return headers


async def read_json(request: Request) -> Any:
    """Read the body as strict JSON.

    Raises:
        ApiError: 415 when it is sent as something else.
        JsonError: it is not JSON as we read it.
    """
    kind = content_type(request)
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise ApiError(
            415,
            "unsupported_type",
            f"Expected a body of type application/json, got {kind or 'none'}. Set Content-Type.",
        )
    charset = _headers(request).get_content_charset("utf-8")
    if charset not in UTF_8:
        raise ApiError(
            415,
            "unsupported_type",
            f"Expected JSON in UTF-8, got charset {charset[:40]!r}. Send it in UTF-8.",
        )
    body = await request.body()
    return await run_in_threadpool(loads, body) if len(body) > LARGE else loads(body)


def loads(text: bytes) -> Any:
    """Return the document that strict JSON means, in which every text can be stored.

    Raises:
        JsonError: it is not JSON as we read it.
        DocumentError: a text holds NUL or lone surrogates.
    """
    document = strict_json.loads(text)
    # Only an escape can bring these in, and the walk is for the rare body that has one.
    if UNSTORABLE.search(text):
        refuse_unstorable(document)
    return document


def refuse_unstorable(value: Any, path: tuple[str | int, ...] = ()) -> None:
    """Refuse a document in which a text, by `path`, cannot be stored.

    Raises:
        DocumentError: naming the place.
    """
    if isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        shown = [
            part.encode(errors="replace").decode() if isinstance(part, str) else part
            for part in path
        ]
        raise refuse(
            "text",
            f"Expected text without NUL and lone surrogates, got {value!r:.60}. Remove them.",
            path=shown,
        )
    if isinstance(value, dict):
        for key, item in value.items():
            refuse_unstorable(key, path)
            refuse_unstorable(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            refuse_unstorable(item, (*path, index))


class StrictRequest(Request):
    """A request whose JSON has been read already."""

    document: Any

    async def json(self) -> Any:
        """Return the document that was read."""
        return self.document


class StrictRoute(APIRoute):
    """A route that reads its body, when it declares one, as strict JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the body read before it."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        required = self.body_field.field_info.is_required()

        async def read_and_handle(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            if required or _has_body(strict):
                strict.document = await read_json(strict)
            return await handle(strict)

        return read_and_handle


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return "transfer-encoding" in request.headers or int(length) > 0


class BodyLimit:
    """Refuses bodies over a limit: by Content-Length before anything is read, and while reading.

    And those that are packed, since nobody knows how large they become.

    Where an answer closes the connection, what is still on its way is read first and thrown away:
    otherwise the system resets the connection, and most clients never see why.
    """

    def __init__(self, app: ASGIApp, json_bytes: int, upload_bytes: int) -> None:
        self.app = app
        self.json_bytes = json_bytes
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        upload = headers.get(b"content-type", b"").lower().startswith(b"multipart/")
        limit = self.upload_bytes if upload else self.json_bytes
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            raise ApiError(400, "bad_request", "Expected Content-Length to be a number of bytes.")
        received, ended, closing = 0, False, False

        async def counted() -> Message:
            nonlocal received, ended
            message = await receive()
            ended = not message.get("more_body", False)
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > limit:
                    raise _too_large(limit, None)
            return message

        async def lingering(message: Message) -> None:
            nonlocal closing
            if message["type"] == "http.response.start":
                closing = (b"connection", b"close") in message["headers"]
            elif closing and not ended and not message.get("more_body", False):
                await send({**message, "more_body": True})
                await _read_off(receive)
                message = {"type": "http.response.body"}
            await send(message)

        packing = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
        if packing not in ("", "identity"):
            raise ApiError(
                415,
                "unsupported_encoding",
                f"Expected a body as it is, got Content-Encoding {packing[:40]!r}. Send it "
                "unpacked.",
                headers={"Accept-Encoding": "identity"},
            )
        if int(length) > limit:
            await _too_large(limit, int(length)).response()(scope, receive, lingering)
        else:
            await self.app(scope, counted, lingering)


async def _read_off(receive: Receive) -> None:
    """Throw away what is left of a body, as long as it comes within a bearable time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                pass


def _too_large(limit: int, found: int | None) -> ApiError:
    got = f"got {found:,}" if found is not None else "got more"
    return ApiError(
        413,
        "too_large",
        f"Expected a body of at most {limit:,} bytes, {got}. Send less.",
        # Nobody knows how much is still on its way, so the connection is not used again.
        headers={"Connection": "close"},
    )
