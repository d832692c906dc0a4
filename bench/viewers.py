"""Watches a run from many browsers at once, in a process of its own: `python -m bench.viewers`.

Who watches sits at other machines, so this one does its work when nothing else is to be done.
"""

import asyncio
import functools
import json
import os
import subprocess
import sys

from websockets.asyncio.client import ClientConnection, connect

NICE = 19


def start(address: str, count: int, stalled: int = 0) -> subprocess.Popen[str]:
    """Open `count` websockets and return once all are open; the process ends when they end.

    `stalled` of them read nothing at all.
    """
    command = [sys.executable, "-m", "bench.viewers", address, str(count), str(stalled)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or process.stdout.readline() != "watching\n":
        raise RuntimeError(f"{count} viewers could not begin to watch {address}")
    return process


def end(process: subprocess.Popen[str]) -> None:
    """Wait until the viewers are gone.

    Raises:
        RuntimeError: one of them was cut off, or missed an event, or had one twice.
    """
    process.communicate()
    if process.returncode:
        raise RuntimeError(f"a viewer failed: exit code {process.returncode}")


@functools.lru_cache(maxsize=64)
def _number(text: str) -> int:
    """Return the event's number; all viewers are sent the same text, which is read once."""
    return json.loads(text)["seq"]


async def _watch(address: str, count: int, stalled: int) -> None:
    sockets = await asyncio.gather(*(connect(address, compression=None) for _ in range(count)))
    print("watching", flush=True)

    async def follow(socket: ClientConnection) -> None:
        seen = 0
        async for text in socket:
            seen += 1
            if _number(str(text)) != seen:
                raise SystemExit(f"expected event {seen}, received {text!r}")

    # Nobody takes the messages of the stalled ones, so their buffers fill and stay full.
    await asyncio.gather(*map(follow, sockets[stalled:]))
    for socket in sockets[:stalled]:
        socket.transport.abort()


if __name__ == "__main__":
    os.nice(NICE)
    asyncio.run(_watch(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
