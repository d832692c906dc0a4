"""The images of a dataset on disk: one array of pixels, read by mapping it into memory."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from models.data.files import IMAGES, LABELS, PARTS, replacing

HEADER = 128
"""Bytes before the pixels."""
BUFFER = 2**20
"""Bytes that are written together: an image is a few thousand."""
PART_NAMES = ("train", "validation", "test")
"""Of the codes in the file of parts."""


class Writer:
    """Writes images one after another; their number need not be known before."""

    def __init__(self, path: Path, shape: tuple[int, int, int]) -> None:
        self._file = path.open("wb", buffering=BUFFER)
        self._shape = shape
        self.count = 0
        self._file.write(bytes(HEADER))

    def add(self, pixels: np.ndarray) -> None:
        """Write uint8 (channels, height, width), or several of them."""
        if pixels.dtype != np.uint8 or pixels.shape[-3:] != self._shape:
            raise ValueError(f"Expected uint8 {self._shape}, got {pixels.dtype} {pixels.shape}")
        self._file.write(np.ascontiguousarray(pixels).data)
        self.count += 1 if pixels.ndim == 3 else len(pixels)

    def put(self, rows: np.ndarray, pixels: np.ndarray) -> None:
        """Write uint8 (count, channels, height, width) to the places of these rows."""
        size = int(np.prod(self._shape))
        for row, image in zip(rows.tolist(), np.ascontiguousarray(pixels), strict=True):
            self._file.seek(HEADER + row * size)
            self._file.write(image.data)
        self.count = max(self.count, int(rows.max(initial=-1)) + 1)

    def close(self) -> None:
        """Write how many there are."""
        with self._file:
            self._file.seek(0)
            self._file.write(_header((self.count, *self._shape)))


@contextmanager
def writing(folder: Path, shape: tuple[int, int, int]) -> Iterator["Stored"]:
    """Yield what takes images and what is known of them; nothing is left when that fails."""
    with replacing(folder / IMAGES) as images, replacing(folder / LABELS) as labels:
        stored = Stored(Writer(images, shape))
        try:
            yield stored
        finally:
            stored.images.close()
        with labels.open("wb") as file:
            np.save(file, stored.labels)
        if len(stored.parts):
            with replacing(folder / PARTS) as parts, parts.open("wb") as file:
                np.save(file, stored.parts)


class Stored:
    """What is being written.

    Attributes:
        labels: class codes, int64 (N,), or numbers, float64 (N,), or 0 and 1 for each of several
            labels, uint8 (N, labels).
        parts: which part of a split that the data bring along, uint8 (N,), by `PART_NAMES`; empty
            where they bring none.
    """

    def __init__(self, images: Writer) -> None:
        self.images = images
        self.labels: np.ndarray = np.zeros(0, np.int64)
        self.parts = np.zeros(0, np.uint8)


def parts_of(folder: Path) -> np.ndarray | None:
    """Return the part of each image, uint8 (N,), or None where the data bring no split along."""
    path = folder / PARTS
    return np.load(path) if path.exists() else None


def _header(shape: tuple[int, ...]) -> bytes:
    header = io.BytesIO()
    fields = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, fields)
    text = header.getvalue()
    if len(text) != HEADER:
        raise ValueError(f"an array header of {len(text)} bytes")
    return text
