"""Every operation of the contract, asked in every wrong way: a refusal in the one shape, no effect.

What is wrong is not written for a route but for all, those that are yet to come included.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.app import create_app
from tests.backend.conftest import client_of, make_settings
from tests.backend.world import OPERATIONS, Operation, World, at, changed, error_of, leaves, objects

LIMIT = 100_000
WITH_BODY = [operation for operation in OPERATIONS if operation.takes_json]


@pytest.fixture(scope="module")
def world(shared_data: Path, shared_database_url: str) -> Iterator[World]:
    values = make_settings(shared_data, database_url=shared_database_url, max_json_bytes=LIMIT)
    app = create_app(values)
    with client_of(app) as client:
        yield World.made_by(client, app.state.database, shared_data)


def test_the_bodies_that_are_tried_are_those_of_operations_that_are_there(world: World) -> None:
    assert set(world.bodies) <= {str(operation) for operation in WITH_BODY}
    for operation in WITH_BODY:
        assert world.ask(operation, b"{").status_code == 400


UNREADABLE: dict[str, bytes] = {
    "cut off": b'{"a": ',
    "text after it": b"{} {}",
    "a comma too many": b'{"a": 1,}',
    "a comment": b"// here\n{}",
    "single quotes": b"{'a': 1}",
    "no quotes": b"{a: 1}",
    "a line end in text": b'{"a": "\n"}',
    "a plus": b'{"a": +1}',
    "a leading zero": b'{"a": 01}',
    "no leading zero": b'{"a": .5}',
    "hexadecimal": b'{"a": 0x10}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": [Infinity]}',
    "minus Infinity": b'{"a": {"b": -Infinity}}',
    "more than a float holds": b'{"a": 1e400}',
    "less than a float holds": b'{"a": -1e400}',
    "10 to the 400": b'{"a": 1' + b"0" * 400 + b"}",
    "a key twice": b'{"a": 1, "a": 1}',
    "a key twice inside": b'{"a": [{"b": 1, "\\u0062": 2}]}',
    "lists too deep": b"[" * 5_000 + b"]" * 5_000,
    "objects too deep": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "brackets without end": b"[" * 90_000,
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32"),
    "Latin-1": b'{"a": "\xe9"}',
    "an overlong sequence": b'{"a": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "a NUL": b"\x00",
    "packed": gzip.compress(b"{}"),
    "a form": b"a=1&b=2",
    "XML": b"<a/>",
    "only blanks": b" \n\t ",
}


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_what_is_no_json_is_400(unchanged: World, operation: Operation) -> None:
    for what, body in UNREADABLE.items():
        told = error_of(unchanged.ask(operation, body), 400)
        assert told["code"].startswith("json_"), what
    empty = unchanged.ask(operation, b"")
    assert not operation.needs_body or error_of(empty, 400)["code"] == "json_syntax"


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_json_that_is_no_object_is_422(unchanged: World, operation: Operation) -> None:
    for body in (b"[]", b'"text"', b"5", b"true", b"[{}]", b"-0.0", b'""'):
        error_of(unchanged.ask(operation, body), 422)
    assert not operation.needs_body or error_of(unchanged.ask(operation, b"null"), 422)


TYPES = [
    None,
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/octet-stream",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    "json",
    "x" * 5_000,
]


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_json_sent_as_something_else_is_415(unchanged: World, operation: Operation) -> None:
    body = json.dumps(unchanged.bodies.get(str(operation), {}))
    for kind in TYPES:
        error_of(unchanged.ask(operation, body, Content_Type=kind), 415)
    for packing in ("gzip", "deflate", "br", "identity, gzip", "x"):
        told = error_of(unchanged.ask(operation, body, Content_Encoding=packing), 415)
        assert told["code"] == "unsupported_encoding"


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_a_body_over_the_limit_is_413(unchanged: World, operation: Operation) -> None:
    told = error_of(unchanged.ask(operation, b" " * (LIMIT + 1)), 413)
    assert f"{LIMIT:,}" in told["message"]


UNREADABLE_VALUES = ["NaN", "Infinity", "-Infinity", "1e400", "1" + "0" * 400]
WRONG_VALUES = ["true", "5.0", "[]", "{}", '"\\u0000"', '"\\ud800"', '"x\\udfff"', "1e308"]
WRONG_BY_TYPE: dict[type, list[str]] = {
    str: [*WRONG_VALUES, "5", json.dumps("x" * 5_000)],
    int: [*WRONG_VALUES, '"5"', "-1", "0.5", "123456789012345678901234567890", "9" * 300, '""'],
    float: [value for value in WRONG_VALUES if value != "5.0"] + ['"0.2"', "-1e308", '""'],
}


def with_text(body: Any, path: tuple[str | int, ...], text: str) -> str:
    """Return JSON in which the value at a path is this text."""
    return json.dumps(changed(body, path, lambda _: "@here@")).replace('"@here@"', text)


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_every_value_of_every_body_is_read_strictly(unchanged: World, operation: Operation) -> None:
    body = unchanged.bodies.get(str(operation), {})
    for path in leaves(body):
        value = at(body, path)
        for text in UNREADABLE_VALUES:
            told = error_of(unchanged.ask(operation, with_text(body, path, text)), 400)
            assert told["code"] == "json_not_finite"
            assert "finite" in told["message"]
        for text in WRONG_BY_TYPE.get(type(value), []):
            answer = unchanged.ask(operation, with_text(body, path, text))
            told = error_of(answer, 422)
            assert told["where"] is not None, (path, text)


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_a_key_that_is_not_known_is_refused_wherever_it_stands(
    unchanged: World, operation: Operation
) -> None:
    body = unchanged.bodies.get(str(operation), {})
    for path in objects(body):
        if path and path[-1] in ("layout", "blocks"):
            continue  # Whose keys are names that the sender chooses.
        for key in ("unknwon", "", "__proto__", "constructor", "x" * 500, "a\r\nb", "\0"):
            holder = {**at(body, path), key: 1}
            sent = changed(body, path, lambda _, new=holder: new) if path else holder
            error_of(unchanged.ask(operation, json.dumps(sent)), 422)
