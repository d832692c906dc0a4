"""Files as people upload them, and what becomes of them."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.data.description import Description
from models.data.images import stream
from models.data.ingest import ingest
from models.data.options import IngestOptions
from models.data.view import read_rows
from models.errors import DocumentError, Problem


class Upload:
    """Uploads bytes into a folder of its own and shows what came of it."""

    def __init__(self, path: Path) -> None:
        self.file = path / "upload"
        self.folder = path / "dataset"
        self.folder.mkdir()

    def __call__(
        self, data: bytes | str, filename: str = "data.csv", **options: Any
    ) -> Description:
        self.file.write_bytes(data.encode() if isinstance(data, str) else data)
        chosen = IngestOptions.model_validate(options)
        return ingest(self.file, self.folder, filename, chosen)

    def rows(self, data: bytes | str, **options: Any) -> list[list[Any]]:
        description = self(data, **options)
        return read_rows(self.folder, description, 0, 1_000)[1]

    def refused(self, data: bytes | str, filename: str = "data.csv", **options: Any) -> Problem:
        """Return the first problem of an upload that is refused and leaves nothing behind."""
        with pytest.raises(DocumentError) as caught:
            self(data, filename, **options)
        assert list(self.folder.iterdir()) == []
        return caught.value.problems[0]


def notes(description: Description) -> dict[str, str]:
    """Return the report's messages by code."""
    return {note.code: note.message for note in description.report}


def kinds(description: Description) -> dict[str, str]:
    return {column.name: column.kind for column in description.columns}


def picture(
    size: tuple[int, int] = (4, 4),
    mode: str = "L",
    colour: Any = 100,
    kind: str = "PNG",
    **save: Any,
) -> bytes:
    """Return an image file of one colour; `size` is (width, height)."""
    return encoded(Image.new(mode, size, colour), kind, **save)


def encoded(image: Image.Image, kind: str = "PNG", **save: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **save)
    return file.getvalue()


def archive(
    files: Mapping[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None
) -> bytes:
    """Return a zip of the files; `change` may alter what is said of each."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(entry)
            packed.writestr(entry, data)
    return file.getvalue()


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def idx(array: np.ndarray, kind: int = 0x08) -> bytes:
    """Return an array in the format of MNIST, as its page describes it."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return head + array.astype(stream.IDX_TYPES[kind]).tobytes()


def two_classes(each: int = 10, **picture_options: Any) -> dict[str, bytes]:
    """Return files of the classes cats (dark) and dogs (bright)."""
    return {
        f"{name}/{index}.png": picture(colour=colour, **picture_options)
        for name, colour in (("cats", 10), ("dogs", 200))
        for index in range(each)
    }


def pixels(upload: Upload) -> np.ndarray:
    return np.load(upload.folder / "images.npy")
