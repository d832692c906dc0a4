"""Processes that know torch, and the way to have them do something."""

import asyncio
import errno
import logging
import os
import platform
import threading
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from backend import forkserver
from backend.documents.server import Device
from backend.errors import ApiError
from models.errors import DocumentError, Problem

log = logging.getLogger("neuroloom")

LIGHT = frozenset({"check", "check_fits", "code", "rows", "image", "augmented", "devices"})
"""Calls that a person waits for while typing, or for the first point of a curve.

The others run at the lowest priority.
"""
HEAVY_WORKERS = 2


class Engine:
    """Two pools of warm processes: one for quick calls, one for long ones.

    Each call is a function of `backend.work`, by name; what it takes and returns is plain data.
    """

    def __init__(self) -> None:
        self._light = _Lane(workers=1, nice=0)
        self._heavy = _Lane(workers=HEAVY_WORKERS, nice=19)

        self.devices = [Device(type="cpu", name=platform.processor() or platform.machine())]
        """What runs can train on; the accelerators are known once the first worker has looked."""

    def start(self) -> None:
        """Warm the fork server and the light worker in the background."""
        forkserver.start()
        threading.Thread(target=self._look_for_devices, daemon=True, name="devices").start()

    def _look_for_devices(self) -> None:
        try:
            _, future = self._light.submit("devices", ())
            kind, found = future.result()
        except (ApiError, BrokenProcessPool, CancelledError):
            # The server was stopped meanwhile.
            return
        if kind == "done":
            self.devices += [Device(**device) for device in found]

    async def call(self, name: str, *args: Any) -> Any:
        """Return what `backend.work.<name>(*args)` returns.

        Raises:
            DocumentError: the document or the data is wrong.
            ApiError: 503 when the process was lost; it has been replaced, and trying again works.
                507 when the disk is full.
        """
        lane = self._light if name in LIGHT else self._heavy
        # Submitting may start a process, which takes long enough to hold up everyone else.
        pool, future = await asyncio.to_thread(lane.submit, name, args)
        try:
            kind, result = await asyncio.wrap_future(future)
        except BrokenProcessPool as error:
            lane.replace(pool)
            raise ApiError(
                503,
                "worker_lost",
                f"The process that did this ({name}) ended, most likely for want of memory. It has "
                "been replaced: try again, or with less data.",
                headers={"Retry-After": "1"},
            ) from error
        if kind == "refused":
            raise DocumentError([Problem.model_validate(problem) for problem in result])
        if kind == "disk_full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if kind == "no_memory":
            raise ApiError(
                422,
                "out_of_memory",
                f"This ({name}) needs more memory than is allowed. Use less data.",
            )
        if kind == "failed":
            log.error("%s failed in its worker:\n%s", name, result)
            raise ApiError(
                500,
                "internal_error",
                "The server failed at this. It is logged; trying again may help.",
            )
        return result

    def close(self) -> None:
        """End the processes."""
        self._light.close()
        self._heavy.close()


class _Lane:
    """A pool that is made when first used and made anew when it broke."""

    def __init__(self, workers: int, nice: int) -> None:
        self.workers = workers
        self.nice = nice
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, name: str, args: tuple[Any, ...]) -> tuple[ProcessPoolExecutor, Future[Any]]:
        with self._lock:
            if self._closed:
                raise ApiError(503, "stopping", "The server is stopping. Try when it is back.")
            try:
                pool = self._ready()
                return pool, pool.submit(forkserver.perform, name, args)
            except BrokenProcessPool:
                # It broke while nobody was waiting: nothing is lost, so nobody is told.
                self._pool = None
                pool = self._ready()
                return pool, pool.submit(forkserver.perform, name, args)

    def _ready(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=forkserver.context,
                initializer=forkserver.begin,
                initargs=(self.nice,),
            )
        return self._pool

    def replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None

    def close(self) -> None:
        self._closed = True
        if not self._lock.acquire(timeout=0.5):
            # A process is being started by a fork server that is still warming up: both end with
            # this process.
            return
        pool, self._pool = self._pool, None
        self._lock.release()
        if pool is not None:
            processes = list(pool._processes.values())
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()
