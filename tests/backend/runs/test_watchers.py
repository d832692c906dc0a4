"""Watchers over real sockets: one that reads nothing is let go, and nobody waits for it."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.sync.client import connect as connect_plainly

from backend.database.engine import Database
from backend.server import Server
from models.training.events import Status
from tests.backend.runs.conftest import Serving
from tests.backend.runs.lab import until
from tests.backend.runs.rows import add_running, append, epoch, row

MANY = 30_000
"""Events that no socket's buffers hold."""
DONE = Status(state="completed")


def watchers(server: Server, run: UUID) -> int:
    """Return how many the server sends the run's events to."""
    feed = server.config.app.state.live._feeds.get(run)  # pyright: ignore
    return feed.watchers if feed else 0


def address(server: Server, run: UUID, after: int = 0) -> str:
    return f"{server.url.replace('http', 'ws')}/api/runs/{run}/live?after={after}"


@contextmanager
def deaf(server: Server, run: UUID) -> Iterator[socket.socket]:
    """A watcher that reads nothing after the handshake."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect((host, int(port)))
        peer.settimeout(60)
        peer.sendall(
            f"GET /api/runs/{run}/live HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += peer.recv(1)
        assert head.startswith(b"HTTP/1.1 101")
        yield peer


def read_to_the_end(peer: socket.socket) -> bytes:
    return b"".join(iter(lambda: peer.recv(1 << 20), b""))


async def next_events(watcher: ClientConnection, count: int) -> list[int]:
    async with asyncio.timeout(30):
        return [json.loads(await watcher.recv())["seq"] for _ in range(count)]


def test_while_one_of_many_watchers_stalls_the_others_see_every_event_in_time(
    serving: Serving, database: Database
):
    run = add_running(database)
    append(database, run, *(epoch(number, 0.5) for number in range(MANY)))
    last = row(database, run).last_seq

    async def watch(server: Server) -> list[int]:
        peers = [
            await connect(address(server, run, last), compression=None, ping_interval=None)
            for _ in range(50)
        ]
        seen: list[int] = []
        for number in range(MANY, MANY + 10):
            batch = (epoch(number, 0.5), epoch(number, 0.4, "validation"))
            await asyncio.to_thread(append, database, run, *batch)
            found = await asyncio.gather(*(next_events(peer, 2) for peer in peers))
            assert all(numbers == found[0] for numbers in found)
            seen += found[0]
            assert watchers(server, run) == 51
        await asyncio.to_thread(append, database, run, DONE)
        found = await asyncio.gather(*(next_events(peer, 1) for peer in peers))
        for peer in peers:
            await peer.wait_closed()
            assert peer.close_code == 1000
        return seen + found[0]

    with serving() as server, deaf(server, run):
        until(lambda: watchers(server, run) == 1, "the stalled one watches")
        seen = asyncio.run(watch(server))
    assert seen == list(range(last + 1, last + 22))


@pytest.mark.parametrize("events", [2, MANY], ids=["few events", "more than buffers hold"])
def test_a_watcher_that_reads_nothing_is_let_go_with_1013(
    serving: Serving, database: Database, events: int
):
    run = add_running(database)
    append(database, run, *(epoch(number, 0.5) for number in range(events)))
    with serving(watcher_patience_seconds=0.5) as server, deaf(server, run) as peer:
        until(lambda: watchers(server, run) == 1, "it watches")
        until(lambda: watchers(server, run) == 0, "it is let go")
        told = read_to_the_end(peer)
    reason = (1013).to_bytes(2, "big") + b"nothing was read for 0.5 s"
    assert told.endswith(b"\x88" + bytes([len(reason)]) + reason)
    append(database, run, DONE)


def test_a_watcher_that_vanishes_is_forgotten(serving: Serving, database: Database):
    run = add_running(database)
    with serving() as server, deaf(server, run) as peer:
        until(lambda: watchers(server, run) == 1, "it watches")
        # Closing now resets the connection: no goodbye is sent.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, *bytes(7)]))
        peer.close()
        until(lambda: watchers(server, run) == 0, "it is forgotten")
    append(database, run, DONE)


@pytest.mark.parametrize(
    "said", ["hello", '{"after": 0}', b"\x00\xff", "x" * 100_000, os.urandom(70_000)]
)
def test_what_a_watcher_says_is_not_asked_for_and_changes_nothing(
    serving: Serving, database: Database, said: Any
):
    run = add_running(database)
    with serving() as server, connect_plainly(address(server, run)) as peer:
        peer.send(said)
        assert [json.loads(peer.recv(timeout=30))["seq"] for _ in range(2)] == [1, 2]
        peer.send(said)
        append(database, run, DONE)
        assert json.loads(peer.recv(timeout=30))["state"] == "completed"


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "9" * 12, "1e3", "%D9%A3"])
def test_a_number_to_go_on_from_that_is_none_is_refused_before_the_handshake(
    serving: Serving, database: Database, after: str
):
    run = add_running(database)
    append(database, run, DONE)
    with serving() as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as peer:
            peer.sendall(
                f"GET /api/runs/{run}/live?after={after} HTTP/1.1\r\nHost: {host}:{port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
            )
            told = read_to_the_end(peer)
    assert told.startswith(b"HTTP/1.1 422")
    assert b'"path":["query","after"]' in told


FRAMES = {
    "a reserved opcode": (b"\x83\x80" + bytes(4), 1002),
    "a frame without a mask": (b"\x81\x02hi", 1002),
    "reserved bits": (b"\xf1\x80" + bytes(4), 1002),
    "a continuation of nothing": (b"\x80\x80" + bytes(4), 1002),
    "a ping of 200 bytes": (b"\x89\xfe\x00\xc8" + bytes(204), 1002),
    "text that is not UTF-8": (b"\x81\x82" + bytes(4) + b"\xff\xfe", 1007),
    "a message of 8 EB": (b"\x82\xff\x7f" + b"\xff" * 7 + bytes(4), 1009),
}


@pytest.mark.parametrize("what", FRAMES)
def test_a_watcher_that_sends_no_websocket_is_let_go_and_the_others_stay(
    serving: Serving, database: Database, what: str
):
    sent, code = FRAMES[what]
    run = add_running(database)
    with serving() as server, connect_plainly(address(server, run)) as other:
        with deaf(server, run) as peer:
            peer.sendall(sent)
            told = read_to_the_end(peer)
            assert b"\x88" + bytes([len(told) - told.rindex(b"\x88") - 2]) in told
            assert code.to_bytes(2, "big") in told
        until(lambda: watchers(server, run) == 1, "it is forgotten")
        append(database, run, DONE)
        seen = [json.loads(other.recv(timeout=30))["seq"] for _ in range(3)]
    assert seen == [1, 2, 3]
