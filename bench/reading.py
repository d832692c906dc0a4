"""From an uploaded file to a dataset that is ready, against the library that reads it plainly."""

import io
import statistics
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import psutil
from PIL import Image

from bench import client
from tools.server import Server

ROWS, NUMBERS, CATEGORIES = 880_000, 20, 5
"""Of a table of about 200 MB."""
PICTURES, SIDE, SMALL = 2_000, 256, 64
"""JPEGs, their height and width in pixels, and the height and width they are brought to."""


@dataclass(frozen=True)
class Reading:
    """Median seconds of the product and of its peer, and the memory that reading took.

    `peak` is in bytes, of the processes that read, less what they held before; `size` of the file.
    """

    product: float
    peer: float
    peak: int
    size: int

    @property
    def ratio(self) -> float:
        return self.product / self.peer


def table(server: Server, folder: Path, rounds: int) -> Reading:
    """Upload a CSV of 200 MB; the peer is `polars.read_csv` of the same file."""
    path = folder / "large.csv"
    random = np.random.default_rng(0)
    frame = pl.DataFrame(
        {f"x{i}": random.normal(0, 10, ROWS).round(4) for i in range(NUMBERS)}
        | {f"c{i}": random.integers(0, 20, ROWS) for i in range(CATEGORIES)}
    ).with_columns(pl.format("kind {}", pl.col(f"c{i}")).alias(f"c{i}") for i in range(CATEGORIES))
    frame.write_csv(path)
    del frame
    return _compare(server, path, lambda: pl.read_csv(path), rounds)


def pictures(server: Server, folder: Path, rounds: int) -> Reading:
    """Upload a zip of JPEGs; the peer decodes and resizes each with Pillow, on one core."""
    path = folder / "jpegs.zip"
    random = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(PICTURES):
            coarse = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
            file = io.BytesIO()
            Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(
                file, "JPEG", quality=90
            )
            archive.writestr(f"class_{number % 2}/{number}.jpg", file.getvalue())

    def plainly() -> None:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                image = Image.open(io.BytesIO(archive.read(name)))
                np.asarray(image.convert("RGB").resize((SMALL, SMALL)))

    return _compare(server, path, plainly, rounds)


def _compare(server: Server, path: Path, peer: Callable[[], object], rounds: int) -> Reading:
    ours, theirs, peaks = [], [], []
    for _ in range(rounds):
        with _peak_memory(server) as peak:
            began = time.perf_counter()
            dataset = client.upload(server.url, path)
            ours.append(time.perf_counter() - began)
        peaks.append(peak[0])
        client.delete(f"{server.url}/api/datasets/{dataset['id']}")
        began = time.perf_counter()
        peer()
        theirs.append(time.perf_counter() - began)
    return Reading(
        statistics.median(ours), statistics.median(theirs), max(peaks), path.stat().st_size
    )


@contextmanager
def _peak_memory(server: Server) -> Iterator[list[int]]:
    """Yield a list that holds, at the end, the most bytes that the server's processes took on."""
    ended = threading.Event()
    before = _own_memory(server)
    peak = [0]

    def look() -> None:
        while not ended.wait(0.02):
            peak[0] = max(peak[0], _own_memory(server) - before)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _own_memory(server: Server) -> int:
    total = 0
    for process in server.family():
        try:
            # What is mapped from files, or shared with the parent, is not taken by reading.
            memory = process.memory_info()
            total += memory.rss - memory.shared
        except psutil.NoSuchProcess:
            continue
    return total
