"""Watches a run from many browsers at once, in a process of its own: `python -m bench.viewers`.

Who watches sits at other machines, so this one does its work when nothing else is to be done.
"""

import asyncio
import os
import subprocess
import sys

from websockets.asyncio.client import connect

NICE = 19


def start(address: str, count: int) -> subprocess.Popen[str]:
    """Open `count` websockets and return once all are open; the process ends when they end."""
    command = [sys.executable, "-m", "bench.viewers", address, str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or process.stdout.readline() != "watching\n":
        raise RuntimeError(f"{count} viewers could not begin to watch {address}")
    return process


def end(process: subprocess.Popen[str]) -> None:
    """Wait until the viewers are gone.

    Raises:
        RuntimeError: one of them was cut off.
    """
    process.communicate()
    if process.returncode:
        raise RuntimeError(f"a viewer failed: exit code {process.returncode}")


async def _watch(address: str, count: int) -> None:
    sockets = await asyncio.gather(*(connect(address, compression=None) for _ in range(count)))
    print("watching", flush=True)

    async def drain(number: int) -> None:
        async for _ in sockets[number]:
            pass

    await asyncio.gather(*map(drain, range(count)))


if __name__ == "__main__":
    os.nice(NICE)
    asyncio.run(_watch(sys.argv[1], int(sys.argv[2])))
