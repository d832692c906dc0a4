"""Whatever is done to a file, it is read or refused: no reader fails, hangs or leaves anything."""

import io
import struct
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.data.ingest import ingest
from models.errors import DocumentError
from tests.models.data.uploads import archive, picture, two_classes

TABLE = pl.DataFrame(
    {
        "size": [1.5, 2.25, 3.0, None] * 6,
        "kind": ["a", "b", "a, b", 'say "c"'] * 6,
        "at": ["2024-01-31", "2024-02-29", "2024-03-01", "2024-04-30"] * 6,
        "class": [0, 1] * 12,
    }
)


def written(write: str) -> bytes:
    file = io.BytesIO()
    getattr(TABLE, write)(file)
    return file.getvalue()


def workbook() -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (TABLE.columns, *TABLE.iter_rows()):
        sheet.append(list(row))
    book.save(file)
    return file.getvalue()


def arrays() -> bytes:
    file = io.BytesIO()
    images = np.arange(24 * 16, dtype=np.uint8).reshape(24, 4, 4)
    np.savez_compressed(file, x=images, y=np.arange(24) % 2)
    return file.getvalue()


def idx() -> bytes:
    images = struct.pack(">BBBBIII", 0, 0, 8, 3, 24, 4, 4) + bytes(range(24)) * 16
    labels = struct.pack(">BBBBI", 0, 0, 8, 1, 24) + bytes([0, 1] * 12)
    return archive({"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels})


def labelled() -> bytes:
    pictures = {f"images/{n}.jpg": picture((8, 8), "RGB", (n, 9, 9), "JPEG") for n in range(20)}
    table = "file,label\n" + "".join(f"{n}.jpg,{'ab'[n % 2]}\n" for n in range(20))
    return archive({**pictures, "labels.csv": table.encode()})


SEEDS = {
    "csv": written("write_csv"),
    "utf-16.csv": written("write_csv").decode().encode("utf-16"),
    "parquet": written("write_parquet"),
    "xlsx": workbook(),
    "npz": arrays(),
    "idx.zip": idx(),
    "folders.zip": archive(two_classes(6)),
    "labels.zip": labelled(),
}
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b"\n", b"\r", b",", b";", b"\0", b"\xff\xfe", b"1e999", b"../", b"=1"]),
)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["replace", "insert", "cut", "end", "double"]),
        st.integers(0, 2**16),
        st.integers(0, 12),
        PIECES,
    ),
    min_size=1,
    max_size=5,
)
"""What is done to a file: what, where, to how many bytes, and what takes their place."""


def edited(data: bytes, edits: Iterable[tuple[str, int, int, bytes]]) -> bytes:
    for what, place, length, piece in edits:
        start = place % (len(data) + 1)
        end = min(len(data), start + length)
        if what == "end":
            data = data[:start]
        elif what == "double":
            data = data[:end] + data[start:]
        else:
            own = b"" if what == "cut" else piece
            data = data[:start] + own + data[start if what == "insert" else end :]
    return data


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_a_damaged_file_is_read_or_refused(
    name: str, edits: list[tuple[str, int, int, bytes]]
) -> None:
    data = edited(SEEDS[name], edits)
    with tempfile.TemporaryDirectory() as temporary:
        path, folder = Path(temporary) / "upload", Path(temporary) / "dataset"
        folder.mkdir()
        path.write_bytes(data)
        try:
            description = ingest(path, folder, f"upload.{name}")
        except DocumentError:
            assert list(folder.iterdir()) == []
        else:
            assert description.rows > 0
            assert {file.suffix for file in folder.iterdir()} <= {".parquet", ".npy"}


@pytest.mark.parametrize("name", SEEDS)
def test_each_file_is_read_where_nothing_is_damaged(name: str, tmp_path: Path) -> None:
    path, folder = tmp_path / "upload", tmp_path / "dataset"
    folder.mkdir()
    path.write_bytes(SEEDS[name])
    assert ingest(path, folder, name).rows >= 12


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        path, folder = Path(temporary) / "upload", Path(temporary) / "dataset"
        folder.mkdir()
        path.write_bytes(data)
        try:
            ingest(path, folder, "upload")
        except DocumentError:
            assert list(folder.iterdir()) == []
