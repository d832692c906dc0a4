"""Arrays inside an archive, read piece by piece: NumPy's files, and IDX as MNIST comes in."""

import gzip
import io
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np

from models.data.images.archive import MAX_RATIO, MAX_TOTAL, RATIO_FROM, shown
from models.errors import DocumentError, refuse

IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
PIECE = 8 * 2**20
"""Bytes of an array that are read at once."""
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error)


@dataclass(frozen=True)
class Array:
    """An array that is not read yet.

    Attributes:
        name: of the entry, for messages.
        key: its name without folders and endings, in small letters.
        packed: whether the entry is a gzip file of its own.
        start: bytes before the values, once unpacked.
    """

    archive: zipfile.ZipFile
    entry: zipfile.ZipInfo
    key: str
    dtype: np.dtype
    shape: tuple[int, ...]
    packed: bool
    start: int

    @property
    def name(self) -> str:
        return shown(self.entry)

    def pieces(self) -> Iterator[np.ndarray]:
        """Yield the array along its first axis, a few megabytes at a time.

        Raises:
            DocumentError: the entry is cut off or damaged.
        """
        row = self.dtype.itemsize * math.prod(self.shape[1:])
        count = max(1, PIECE // max(1, row))
        try:
            with opened(self.archive, self.entry, self.packed) as file:
                file.read(self.start)
                for first in range(0, self.shape[0], count):
                    rows = min(count, self.shape[0] - first)
                    data = _exactly(file, rows * row)
                    yield np.frombuffer(data, self.dtype).reshape(rows, *self.shape[1:])
        except _FAULTS as error:
            raise damaged(self.name) from error

    def whole(self) -> np.ndarray:
        """Return the array; for one of labels, which is small."""
        return np.concatenate([np.zeros((0, *self.shape[1:]), self.dtype), *self.pieces()])


@contextmanager
def opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, packed: bool) -> Iterator[IO[bytes]]:
    """Open an entry, unpacked also where it is a gzip file of its own."""
    with archive.open(entry) as file:
        if packed:
            with gzip.open(file) as inner:
                yield inner  # pyright: ignore[reportReturnType]
        else:
            yield file


def numpy_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array:
    """Return what an entry that ends with .npy is.

    Raises:
        DocumentError: it is damaged, of objects, or of another order than C's.
    """
    try:
        with archive.open(entry) as file:
            head = io.BytesIO(file.read(65_536))
            version = np.lib.format.read_magic(head)
            read = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read = np.lib.format.read_array_header_2_0
            shape, fortran, dtype = read(head, max_header_size=60_000)
    except _FAULTS as error:
        raise damaged(shown(entry)) from error
    if dtype.hasobject:
        raise refuse(
            "unsafe_array",
            f'Expected arrays of numbers or texts, got one of Python objects, "{shown(entry)}", '
            "which could run code when it is read. Save it as numbers.",
        )
    if fortran and len(shape) > 1:
        raise refuse(
            "array_order",
            f'Expected arrays in C order, got "{shown(entry)}" in Fortran order. Save '
            "numpy.ascontiguousarray(array) instead.",
        )
    if _check_size(entry, shape, dtype) > entry.file_size:
        raise damaged(shown(entry))
    return Array(archive, entry, key_of(entry), dtype, shape, False, head.tell())


def idx_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array | None:
    """Return what an entry in the format of MNIST is; None where it is something else.

    Raises:
        DocumentError: it begins as one and is damaged.
    """
    try:
        with archive.open(entry) as file:
            packed = file.read(2) == b"\x1f\x8b"
        with opened(archive, entry, packed) as file:
            head = file.read(4)
            if len(head) < 4 or head[:2] != b"\x00\x00" or head[2] not in IDX_TYPES:
                return None
            if not 1 <= head[3] <= 4:
                return None
            shape = struct.unpack(f">{head[3]}I", _exactly(file, 4 * head[3]))
    except _FAULTS as error:
        raise damaged(shown(entry)) from error
    dtype = np.dtype(IDX_TYPES[head[2]])
    size = _check_size(entry, shape, dtype)
    if packed and size > RATIO_FROM and size > MAX_RATIO * entry.file_size:
        raise refuse(
            "compression_bomb",
            f'Expected entries packed at most {MAX_RATIO}-fold, got "{shown(entry)}" with '
            f"{size:,} bytes from {entry.file_size:,}. Leave it out.",
        )
    if not packed and size > entry.file_size:
        raise damaged(shown(entry))
    return Array(archive, entry, key_of(entry), dtype, shape, packed, 4 + 4 * head[3])


def key_of(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name without folders and endings, in small letters."""
    return entry.filename.rpartition("/")[2].lower().removesuffix(".gz").removesuffix(".npy")


def damaged(name: str) -> DocumentError:
    """Return the refusal of an array that cannot be read to its end."""
    return refuse(
        "damaged_entry",
        f'Expected the array "{name}" to have as many values as it says, got others: it is damaged '
        "or cut off. Save it and pack the archive again.",
    )


def _check_size(entry: zipfile.ZipInfo, shape: tuple[int, ...], dtype: np.dtype) -> int:
    """Return the bytes of an array, if they are allowed."""
    size = math.prod(shape) * dtype.itemsize
    if size > MAX_TOTAL:
        raise refuse(
            "archive_too_large",
            f"Expected arrays of at most {MAX_TOTAL:,} bytes, got {size:,} in "
            f'"{shown(entry)}". Leave images out or make them smaller.',
        )
    return size


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise EOFError
    return data
