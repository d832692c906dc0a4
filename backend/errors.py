"""The one shape of every error, and the way from an exception to it."""

import errno
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState

from backend.documents import Error, ErrorDetail
from models.errors import DocumentError, Problem, Where
from models.strict_json import JsonError

log = logging.getLogger("neuroloom")

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_type",
    422: "invalid",
}
UNSUPPORTED = {"unsupported_type"}


class ApiError(Exception):
    """An error that is answered with `status` in the one shape.

    Attributes:
        status: the HTTP status.
        code: a stable snake_case name of the kind of error.
        message: what was expected, what was found and what to do.
        where: the place in a document, if there is one.
        headers: headers to send along.
        problems: all that is wrong, when it is a document.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        where: Where | None = None,
        headers: Mapping[str, str] | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.where = where
        self.headers = dict(headers or {})
        self.problems = list(problems)

    @property
    def detail(self) -> ErrorDetail:
        """The error as it is sent, and as a failed dataset keeps it."""
        return ErrorDetail(
            code=self.code, message=self.message, where=self.where, problems=self.problems
        )

    def response(self) -> JSONResponse:
        """Return the answer in the one shape."""
        body = Error(error=self.detail).model_dump(mode="json")
        return JSONResponse(body, self.status, headers=self.headers)


def not_found(noun: str, id: object) -> ApiError:
    """Return the 404 for a thing that is not there, or not yours."""
    return ApiError(
        404, "not_found", f"Expected the id of a {noun}, got {str(id)!r}, which is none."
    )


def of_problems(problems: Sequence[Problem]) -> ApiError:
    """Return the error for a document that is readable but wrong."""
    first = problems[0]
    status = 415 if first.code in UNSUPPORTED else 422
    return ApiError(status, first.code, first.message, first.where, problems=problems)


def of_exception(error: Exception) -> ApiError:
    """Return what is answered for an exception; one that nobody foresaw is logged and told as 500."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, DocumentError):
        return of_problems(error.problems)
    if isinstance(error, JsonError):
        return ApiError(400, f"json_{error.code}", f"{error} Send valid JSON.")
    if isinstance(error, RequestValidationError):
        return _of_validation(error.errors())
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ApiError(
            507,
            "disk_full",
            "The server's disk is full. Free space, then try again; nothing was changed.",
        )
    log.error("unhandled exception", exc_info=error)
    return ApiError(
        500, "internal_error", "The server failed at this. It is logged; trying again may help."
    )


def _of_http(error: HTTPException) -> ApiError:
    code = CODES.get(error.status_code, "error")
    message = {
        404: "Expected the address of something that is there, got one of nothing.",
        405: "Expected a method that this address knows; the Allow header names them.",
    }.get(error.status_code, str(error.detail))
    return ApiError(error.status_code, code, message, headers=error.headers)


def of_validation(error: ValidationError, *path: str) -> ApiError:
    """Return the error for a part of a body that was validated by hand; `path` leads to the part."""
    return _of_validation(
        [{**item, "loc": ("body", *path, *item["loc"])} for item in error.errors()]
    )


def _of_validation(items: Sequence[Any]) -> ApiError:
    problems: list[Problem] = []
    in_path = False
    for item in items:
        place, *path = item["loc"]
        in_path = in_path or place == "path"
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, DocumentError):
            problems += [_within(problem, path) for problem in cause.problems]
        else:
            problems.append(_problem(item, path if place == "body" else [place, *path]))
    if in_path:
        return ApiError(
            404, "not_found", "Expected the id of something that is there. " + problems[0].message
        )
    return of_problems(problems)


def _within(problem: Problem, path: list[Any]) -> Problem:
    """Return the problem of a part of the body as one of the body: a layer's path stays its own."""
    if problem.where.node is not None:
        return problem
    where = problem.where.model_copy(update={"path": [*path, *problem.where.path]})
    return problem.model_copy(update={"where": where})


def _problem(item: Mapping[str, Any], path: list[Any]) -> Problem:
    name = ".".join(str(part) for part in path) or "the body"
    kind = item["type"]
    found = shown(item.get("input"))
    message = {
        "missing": f"Expected {name}, got nothing. Add it.",
        "extra_forbidden": f"Expected only known keys, got {name}. Remove it or correct its name.",
    }.get(kind) or f"At {name}: {_expected(item['msg'])}, got {found}."
    codes = {"missing": "missing", "extra_forbidden": "unknown_key", "finite_number": "not_finite"}
    return Problem(code=codes.get(kind, "invalid"), message=message, where=Where(path=path))


def _expected(message: str) -> str:
    message = re.sub(
        r"^(Input|Value|String|List|Dictionary) should (be|have|match) ", _lead, message
    )
    return message if message.startswith("Expected") else f"Expected a value that fits: {message}"


def _lead(match: re.Match[str]) -> str:
    return "Expected " if match[2] == "be" else f"Expected a {match[1].lower()} to {match[2]} "


def shown(value: Any) -> str:
    """Return a value of a body as an error shows it: short."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]}… ({type(value).__name__})"


async def answer(connection: HTTPConnection, error: Exception) -> Response | None:
    """Answer an exception; a websocket that is not yet accepted is denied with the same body."""
    told = of_exception(error)
    if not isinstance(connection, WebSocket):
        return told.response()
    if connection.client_state is WebSocketState.CONNECTING:
        await connection.send_denial_response(told.response())
    elif connection.application_state is WebSocketState.CONNECTED:
        await connection.close(1011, told.code)
    return None


def install(app: FastAPI) -> None:
    """Make the app answer every exception in the one shape."""
    for kind in (
        ApiError,
        DocumentError,
        JsonError,
        RequestValidationError,
        HTTPException,
        OSError,
    ):
        app.add_exception_handler(kind, answer)  # pyright: ignore[reportArgumentType] — wider than needed


class CatchAll:
    """Answers what nothing else answered, inside the middleware that completes the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an exception becomes an answer unless one has begun already."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] == "lifespan":
                raise
            response = of_exception(error).response()
            if scope["type"] == "http":
                await response(scope, receive, send)
            else:
                await WebSocket(scope, receive, send).send_denial_response(response)
