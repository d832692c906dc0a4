"""The one shape of every error, and the way from an exception to it."""

import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState

from backend import disk
from backend.documents.base import Error, ErrorDetail
from models import wording
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
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


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
        404,
        "not_found",
        f"Expected the id of {'an' if noun[0] in 'aeiou' else 'a'} {noun}, got {str(id)!r}, which "
        "is none. The list of them has the ids that there are.",
    )


def of_problems(problems: Sequence[Problem]) -> ApiError:
    """Return the error for a document that is readable but wrong."""
    first = problems[0]
    status = 415 if first.code in UNSUPPORTED else 422
    return ApiError(status, first.code, first.message, first.where, problems=problems)


def of_exception(error: Exception, connection: HTTPConnection | None = None) -> ApiError:
    """Return what is answered for an exception; one that nobody foresaw is logged: 500."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, DocumentError):
        return of_problems(error.problems)
    if isinstance(error, JsonError):
        return ApiError(400, f"json_{error.code}", str(error))
    if isinstance(error, RequestValidationError):
        return _of_validation(error.errors(), error.body)
    if isinstance(error, HTTPException):
        return _of_http(error, connection)
    if connection is not None and disk.is_full(error):
        return disk_full(connection)
    if isinstance(error, OperationalError | PoolTimeout):
        log.error("the database does not answer", exc_info=error)
        return ApiError(
            503,
            "database_busy",
            "The database does not answer at present; nothing was changed. Try again in a moment.",
            headers={"Retry-After": "1"},
        )
    log.error("unhandled exception", exc_info=error)
    return ApiError(
        500, "internal_error", "The server failed at this. It is logged; trying again may help."
    )


def disk_full(connection: HTTPConnection) -> ApiError:
    """Return the refusal of what the disk of the data folder has no room for."""
    needed = int(connection.headers.get("content-length", "0"))
    free = shutil.disk_usage(connection.app.state.settings.data_dir).free
    return ApiError(507, "disk_full", disk.message(needed, free))


def _of_http(error: HTTPException, connection: HTTPConnection | None) -> ApiError:
    code = CODES.get(error.status_code, "error")
    message, headers = str(error.detail), dict(error.headers or {})
    if connection is not None and error.status_code == 404:
        message = (
            "Expected the address of something that is there, got "
            f"{wording.show(connection.scope['path'])}. /openapi.json lists what there is."
        )
    elif connection is not None and error.status_code == 405:
        methods = _methods(connection) or ["GET"]  # of files, which are no routes
        headers["Allow"] = ", ".join(methods)
        message = (
            f"Expected {' or '.join(methods)} at this address, got {connection.scope['method']}. "
            "Send one that it knows."
        )
    return ApiError(error.status_code, code, message, headers=headers)


def _methods(connection: HTTPConnection) -> list[str]:
    """Return what an address can be asked by; each of its routes by itself knows its own only."""
    routes = connection.app.routes
    return [
        method
        for method in METHODS
        if any(
            route.matches({**connection.scope, "method": method})[0] is Match.FULL
            for route in routes
        )
    ]


def of_validation(error: ValidationError, document: Any, *path: str) -> ApiError:
    """Return the error for a document validated by hand; `path` leads to it in the body."""
    for part in reversed(path):
        document = {part: document}
    items = [{**item, "loc": ("body", *path, *item["loc"])} for item in error.errors()]
    return _of_validation(items, document)


def _of_validation(items: Sequence[Any], body: Any) -> ApiError:
    """Tell everything that does not fit; the ways in which one value fails are told together.

    A value whose parts are told is not told as a whole, as where it may be one of several kinds.
    """
    problems: list[Problem] = []
    failures: dict[tuple[str | int, ...], list[Any]] = {}
    for item in items:
        place, *loc = item["loc"]
        path = _real(loc, body, item["type"]) if place == "body" else [place, *loc]
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, DocumentError):
            problems += [_within(problem, path) for problem in cause.problems]
        else:
            failures.setdefault(tuple(path), []).append(item)
    wholes = {path[:length] for path in failures for length in range(len(path))}
    problems += [
        _problem(failed, list(path)) for path, failed in failures.items() if path not in wholes
    ]
    if any(item["loc"][0] == "path" for item in items):
        return ApiError(
            404, "not_found", f"There is nothing at this address. {problems[0].message}"
        )
    return of_problems(problems)


def _real(loc: Sequence[Any], body: Any, kind: str) -> list[str | int]:
    """Return the path without the names of alternatives that the validator puts into it."""
    path: list[str | int] = []
    for index, part in enumerate(loc):
        known = body if isinstance(body, dict) else range(len(body)) if type(body) is list else ()
        if part in known:
            body = body[part]
        elif kind != "missing" or index < len(loc) - 1:
            continue
        path.append(part)
    return path


def _within(problem: Problem, path: Sequence[Any]) -> Problem:
    """Return the problem of a part of the body as one of the body: a layer's path stays its own."""
    if problem.where.node is not None:
        return problem
    where = problem.where.model_copy(update={"path": [*path, *problem.where.path]})
    return problem.model_copy(update={"where": where})


def _problem(failed: Sequence[Any], path: list[str | int]) -> Problem:
    name = ".".join(str(part) for part in path) or "the body"
    kind = failed[0]["type"]
    if kind == "missing":
        code, message = kind, f"Expected {name}, got nothing. Add it."
    elif kind == "extra_forbidden":
        code = "unknown_key"
        message = f'Expected only known keys, got "{name}". Remove it or correct its name.'
    else:
        code = "not_finite" if kind == "finite_number" else "invalid"
        expected = " or ".join(dict.fromkeys(wording.expected(item) for item in failed))
        received = wording.show(failed[0].get("input"))
        message = f"Expected {expected} for {name}, got {received}. {wording.mend(failed[0])}"
    return Problem(code=code, message=message, where=Where(path=path))


async def answer(connection: HTTPConnection, error: Exception) -> Response | None:
    """Answer an exception; a websocket that is not yet accepted is denied with the same body."""
    told = of_exception(error, connection)
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


@contextmanager
def within(*path: str | int) -> Iterator[None]:
    """Make the problems of a part of the body name their place in the body; `path` leads there."""
    try:
        yield
    except DocumentError as error:
        raise DocumentError([_within(problem, path) for problem in error.problems]) from error


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
            response = of_exception(error, HTTPConnection(scope)).response()
            if scope["type"] == "http":
                await response(scope, receive, send)
            else:
                await WebSocket(scope, receive, send).send_denial_response(response)
