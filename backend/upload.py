"""Uploads: multipart bodies streamed to disk, a megabyte in memory at most."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from pydantic import ValidationError
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from backend.errors import ApiError, disk_full, of_validation, within
from backend.storage import base_name
from backend.strict import loads
from models.errors import Document, refuse

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

BUFFER = 1024 * 1024
MAX_PIECES = 256
"""Waiting for the disk; a client that sends few bytes at a time makes many of them."""
MAX_FIELD = 64 * 1024
MAX_PARTS = 16
MAX_HEADERS = 16 * 1024

Options = TypeVar("Options", bound=Document)


@dataclass
class Upload:
    """A received form: its file, on disk until the `async with` ends, and its text fields."""

    path: Path
    filename: str
    size: int = 0
    fields: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def receive(request: Request, path: Path) -> AsyncIterator[Upload]:
    """Receive a form with one `file` into `path`, which is removed at the end unless it was moved.

    Raises:
        ApiError: 400 when it is not a complete form, 422 without a file or with a repeated part,
            507 when the disk is too full for it.
    """
    _check_space(request, path)
    try:
        form = _Form()
        parser = MultipartParser(_boundary(request), form.callbacks())
        with path.open("xb") as file:
            try:
                async for chunk in request.stream():
                    parser.write(chunk)
                    if form.full:
                        await asyncio.to_thread(form.flush, file)
                await asyncio.to_thread(form.flush, file)
            except MultipartParseError as error:
                raise _unreadable(str(error)) from error
            except ClientDisconnect as error:
                raise _unreadable("the connection ended before the form did") from error
        if not form.complete:
            raise _unreadable("the body ended before the form did")
        if form.filename is None:
            raise ApiError(
                422,
                "missing",
                "Expected a form with a part named 'file' that has a file name, got none.",
            )
        yield Upload(path, base_name(form.filename), form.size, form.texts())
    finally:
        path.unlink(missing_ok=True)


def read_options(form: Upload, kind: type[Options], *others: str) -> Options:
    """Return what the part `options` says, as JSON; `others` are the texts that may stand beside.

    Raises:
        DocumentError: a part that is not known.
        ApiError: the options are none.
    """
    known = ["file", *others, "options"]
    if unknown := set(form.fields) - set(known[1:]):
        name = min(unknown)
        parts = f"{', '.join(known[:-1])} and {known[-1]}"
        raise refuse("unknown_key", f"Expected the parts {parts}, got {name!r}.", path=[name])
    with within("options"):
        sent = loads((form.fields.get("options") or "{}").encode())
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        raise of_validation(error, sent, "options") from error


def _boundary(request: Request) -> bytes:
    _, options = parse_options_header(request.headers["content-type"])
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 200:
        raise _unreadable("its Content-Type has no boundary")
    return boundary


def _check_space(request: Request, path: Path) -> None:
    needed = int(request.headers.get("content-length", "0"))
    if needed > shutil.disk_usage(path.parent).free:
        told = disk_full(request)
        told.headers["Connection"] = "close"
        raise told


def _unreadable(why: str) -> ApiError:
    return ApiError(
        400,
        "form_unreadable",
        f"Expected a complete multipart form, got one that cannot be read: {why}. Send it again.",
    )


class _Form:
    """Collects what the parser calls out: file data waiting for the disk, fields as text."""

    def __init__(self) -> None:
        self.size = 0
        self.filename: str | None = None
        self.complete = False
        self._fields: dict[str, bytearray] = {}
        self._parts = 0
        self._header = b""
        self._headers: dict[bytes, bytes] = {}
        self._headers_size = 0
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._field: bytearray | None = None

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    @property
    def full(self) -> bool:
        """Whether as much waits for the disk as may."""
        return self._waiting >= BUFFER or len(self._pieces) >= MAX_PIECES

    def flush(self, file: BinaryIO) -> None:
        file.writelines(self._pieces)
        self.size += self._waiting
        self._waiting = 0
        self._pieces.clear()

    def texts(self) -> dict[str, str]:
        try:
            return {name: bytes(value).decode() for name, value in self._fields.items()}
        except UnicodeDecodeError as error:
            raise _unreadable("a field is not UTF-8 text") from error

    def _part_begins(self) -> None:
        self._parts += 1
        self._headers = {}
        self._name, self._value, self._headers_size = b"", b"", 0
        if self._parts > MAX_PARTS:
            raise _unreadable(f"it has more than {MAX_PARTS} parts")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._count_header(end - start)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._count_header(end - start)

    def _count_header(self, size: int) -> None:
        self._headers_size += size
        if self._headers_size > MAX_HEADERS:
            raise _unreadable("a part has too long headers")

    def _header_ends(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name == "file" and b"filename" in options:
            if self.filename is not None:
                raise ApiError(
                    422, "invalid", "Expected one file, got several. Send one at a time."
                )
            self.filename = options[b"filename"].decode("utf-8", "replace")
            self._field = None
        else:
            if name in self._fields or len(name) > 200:
                raise ApiError(
                    422, "invalid", f"Expected every field once, got {name[:40]!r} twice."
                )
            self._field = self._fields[name] = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            # Kept as they come: joining them would copy a large file several times.
            self._pieces.append(data[start:end])
            self._waiting += end - start
            return
        self._field += data[start:end]
        if len(self._field) > MAX_FIELD:
            raise ApiError(413, "too_large", f"Expected fields of at most {MAX_FIELD:,} bytes.")

    def _end(self) -> None:
        self.complete = True
